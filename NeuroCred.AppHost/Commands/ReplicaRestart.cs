using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Commands;

/// <summary>Restarts a replica by its own command, and sees to it that it is back.</summary>
internal sealed class ReplicaRestart(
    IReadOnlyList<IResourceWithEndpoints> replicas,
    BalancingPolicy policy,
    ResourceNotificationService notifications,
    ResourceCommandService commands
) : IReplicaRestart
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(100);

    private static readonly HttpClient s_client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public bool IsMeantToRun(string replica) =>
        notifications.TryGetCurrentState(replica, out var current)
        && current.Snapshot.State?.Text is { } state
        && state != KnownResourceStates.NotStarted
        && !KnownResourceStates.TerminalStates.Contains(state);

    public async Task<string?> RestartAsync(string replica, CancellationToken cancellationToken)
    {
        var resource = replicas.First(r => r.Name == replica);
        using var timeout = new CancellationTokenSource(s_timeout);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // One that is just being started takes its turn when it runs.
            await notifications.WaitForResourceAsync(replica, KnownResourceStates.Running, ending.Token);

            // Not cancelled half-way: the replica would be left stopped.
            var result = await commands
                .ExecuteCommandAsync(resource, KnownResourceCommands.RestartCommand, CancellationToken.None)
                .WaitAsync(ending.Token);
            if (!result.Success)
            {
                return $"it could not be restarted: {result.Message}";
            }

            await notifications.WaitForResourceHealthyAsync(replica, WaitBehavior.WaitOnResourceUnavailable, ending.Token);
            var readiness = new Uri(new Uri(resource.GetEndpoint("http").Url), policy.Health.Readiness.Path);
            while (!await IsReadyAsync(replica, readiness, ending.Token))
            {
                await Task.Delay(s_pollInterval, ending.Token);
            }

            return null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return $"it was not ready again within {s_timeout.TotalSeconds:0} s; its log says why.";
        }
    }

    /// <remarks>
    /// nginx leaves a replica that failed alone for a while, also when it is back meanwhile, and its clock has whole seconds.
    /// The next one must not go before that is over: with two replicas there would be none.
    /// </remarks>
    public Task WaitUntilUsedAsync(string replica, CancellationToken cancellationToken) =>
        policy.Failures.MaxFails == 0
            ? Task.CompletedTask
            : Task.Delay(policy.Failures.FailTimeout + TimeSpan.FromSeconds(1), cancellationToken);

    private static async Task<bool> IsReadyAsync(string replica, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await s_client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode && ServedBy.FindStranger(response, replica) is null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
