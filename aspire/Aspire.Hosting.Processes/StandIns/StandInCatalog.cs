using Aspire.Hosting.Processes.StandIns.Nginx;
using Aspire.Hosting.Processes.StandIns.Postgres;
using Aspire.Hosting.Processes.StandIns.Redis;

namespace Aspire.Hosting.Processes.StandIns;

/// <summary>The stand-ins there are.</summary>
internal static class StandInCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IStandIn> All { get; } = [new NginxStandIn(), new PostgresStandIn(), new RedisStandIn()];

    /// <summary>The stand-in for an image, or null when there is none.</summary>
    /// <param name="image">The image's name, with or without registry, namespace, tag and digest.</param>
    public static IStandIn? Find(string image) => All.FirstOrDefault(standIn => standIn.Image == ImageName.OfficialName(image));
}
