using System.Diagnostics;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>How long a replica usually takes to answer.</summary>
internal static class ReplicaMedian
{
    private const int Requests = 100;

    /// <summary>Asks it one request after the other, as clients do, without a gateway.</summary>
    public static async Task<TimeSpan> MeasureAsync(Uri replica, CancellationToken cancellationToken)
    {
        var seed = $"median {Guid.NewGuid():N}";
        var workload = new Workload(seed, await Workload.CreateScoredWalletAsync(replica, seed, cancellationToken));
        using var http = new HttpClient { BaseAddress = replica };
        var times = new List<double>();
        for (var i = 0; i < Requests; i++)
        {
            using var request = workload.Next(i).CreateRequest();
            var started = Stopwatch.GetTimestamp();
            using var response = await http.SendAsync(request, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return TimeSpan.FromSeconds(new Distribution(times).Median);
    }
}
