namespace Aspire.Hosting.StandIns;

internal static class StandInCatalog
{
    public static IReadOnlyList<IStandIn> All { get; } = [];
    public static IStandIn? Find(string image) => All.FirstOrDefault(s => s.Image == image);
}
