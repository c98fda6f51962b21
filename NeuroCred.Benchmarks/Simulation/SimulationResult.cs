namespace NeuroCred.Benchmarks.Simulation;

/// <summary>What came of a simulated run.</summary>
/// <param name="warmUp">Requests at the beginning that do not count.</param>
internal sealed class SimulationResult(int warmUp)
{
    private readonly List<double> _times = [];
    private readonly List<(double At, int Replica)> _answers = [];
    private long _found,
        _arrivals;
    private int _underWay;
    private double _waited;
    private Distribution? _distribution;

    /// <summary>Requests without an answer.</summary>
    public int Failed { get; private set; }

    /// <summary>Requests that were sent to more than one replica.</summary>
    public int Resent { get; private set; }

    public int Answered => _times.Count;

    /// <summary>Mean seconds from arrival to answer.</summary>
    public double Mean => _times.Average();

    /// <summary>Mean seconds that an answered request waited for its turn at its replica.</summary>
    public double MeanWait => _waited / Answered;

    /// <summary>How many requests were under way on average, as each arriving request finds it (with Poisson arrivals, the average over
    /// time).</summary>
    public double MeanUnderWay => (double)_found / _arrivals;

    /// <summary>The longest time from arrival to answer, in seconds.</summary>
    public double Slowest => Percentile(1);

    /// <summary>The part of the answers that a replica gave, in all or within some seconds of the run.</summary>
    public double ShareOf(int replica, double from = 0, double to = double.PositiveInfinity)
    {
        var (all, own) = (0, 0);
        foreach (var answer in _answers)
        {
            if (answer.At >= from && answer.At < to)
            {
                all++;
                own += answer.Replica == replica ? 1 : 0;
            }
        }

        return all == 0 ? 0 : (double)own / all;
    }

    /// <summary>Seconds that a part of the requests did not exceed.</summary>
    public double Percentile(double share) => (_distribution ??= new(_times)).Percentile(share);

    /// <summary>How many took longer than so many seconds.</summary>
    public int CountSlowerThan(double seconds) => _times.Count(t => t > seconds);

    /// <summary>The part of the answers that took longer than so many seconds.</summary>
    public double PartSlowerThan(double seconds) => (double)CountSlowerThan(seconds) / Answered;

    /// <summary>A request arrives, and finds others under way.</summary>
    public void Arrive(SimulatedRequest request)
    {
        if (request.Number >= warmUp)
        {
            _arrivals++;
            _found += _underWay;
        }

        _underWay++;
    }

    public void Answer(SimulatedRequest request, Attempt attempt, double now)
    {
        _underWay--;
        if (Counts(request))
        {
            _times.Add(now - request.Arrived);
            _waited += attempt.Started - attempt.Arrived;
            _answers.Add((now, attempt.Upstream.Replica));
        }
    }

    public void Fail(SimulatedRequest request)
    {
        _underWay--;
        if (Counts(request))
        {
            Failed++;
        }
    }

    private bool Counts(SimulatedRequest request)
    {
        if (request.Number < warmUp)
        {
            return false;
        }

        Resent += request.Tried.Count > 1 ? 1 : 0;
        return true;
    }
}
