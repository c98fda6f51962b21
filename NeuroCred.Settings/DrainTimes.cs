namespace NeuroCred.Settings;

/// <summary>How long a replica takes to leave, once told to stop by SIGTERM.</summary>
public sealed record DrainTimes
{
    private static readonly TimeSpan s_longestGrace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_leastTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromHours(1);

    /// <summary>How long new requests are still accepted, since the balancer may go on sending them, up to 60 s. Default: 1 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// When the process has ended, whatever still runs: more than <see cref="Grace"/>, 1 s to 1 h. Default: 5 s, because the orchestrator
    /// (DCP) sends SIGKILL after six.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the times of a replica: <c>Draining:Grace</c> and <c>Draining:Timeout</c>.</summary>
    /// <param name="settings">The settings, which get the errors.</param>
    public static DrainTimes Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var given = new DrainTimes();
        var times = new DrainTimes
        {
            Grace = settings.Duration("Draining:Grace", given.Grace),
            Timeout = settings.Duration("Draining:Timeout", given.Timeout),
        };
        settings.Report(times.FindErrors());
        return times;
    }

    /// <summary>Finds what is wrong with the times.</summary>
    /// <param name="prefix">What to put before each key, such as <c>Balancing:</c>.</param>
    /// <returns>A sentence each, naming the key and the fix.</returns>
    public IEnumerable<string> FindErrors(string prefix = "")
    {
        if (Grace < TimeSpan.Zero || Grace > s_longestGrace)
        {
            yield return $"{prefix}Draining:Grace is {Durations.Show(Grace)}: give 0s to {Durations.Show(s_longestGrace)}.";
        }

        if (Timeout < s_leastTimeout || Timeout > s_longestTimeout)
        {
            yield return $"{prefix}Draining:Timeout is {Durations.Show(Timeout)}: "
                + $"give {Durations.Show(s_leastTimeout)} to {Durations.Show(s_longestTimeout)}.";
        }
        else if (Timeout <= Grace)
        {
            yield return $"{prefix}Draining:Timeout is {Durations.Show(Timeout)}, and Draining:Grace {Durations.Show(Grace)}: "
                + "give the former more, or a replica would have no time to finish what it has.";
        }
    }
}
