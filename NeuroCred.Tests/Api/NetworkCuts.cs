namespace NeuroCred.Tests.Api;

/// <summary>The two ways in which a network is cut.</summary>
internal static class NetworkCuts
{
    /// <summary>Cuts it: nobody listens any more, or nothing passes any more.</summary>
    public static async Task CutAsync(this NetworkCut network, bool refused)
    {
        if (refused)
        {
            await network.RefuseAsync();
        }
        else
        {
            network.FallSilent();
        }
    }
}
