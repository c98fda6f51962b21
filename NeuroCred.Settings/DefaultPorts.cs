namespace NeuroCred.Settings;

/// <summary>Ports that programs and what is deployed must agree on.</summary>
public static class DefaultPorts
{
    /// <summary>A replica's port of <c>/metrics</c> and <c>/drain</c>, where each replica has an address of its own.</summary>
    public const int Management = 9091;
}
