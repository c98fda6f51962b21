using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.AppHost;

public sealed class ResourceSupervisionTests : IAsyncDisposable
{
    private const int UntilShown = 6;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly StartTurns _turns;
    private readonly DistributedApplication _application;
    private readonly ExecutableResource _replica;
    private readonly ResourceNotificationService _notifications;
    private readonly CancellationTokenSource _stopping = new();

    public ResourceSupervisionTests()
    {
        _turns = new(_clock);
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        _replica = builder.AddExecutable("api-1", "false", ".").Resource;
        _application = builder.Build();
        _notifications = _application.Services.GetRequiredService<ResourceNotificationService>();
    }

    private ResourceStateSnapshot? State => Snapshot?.State;

    private CustomResourceSnapshot? Snapshot => _notifications.TryGetCurrentState(_replica.Name, out var current) ? current.Snapshot : null;

    private bool IsShown => Snapshot?.Properties.Any(p => p.Name == ResourceSupervision.PersistentProperty) == true;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _stopping.Dispose();
        _turns.Dispose();
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task What_does_not_last_stays_red_when_the_orchestrator_tells_of_its_end_once_more()
    {
        var supervision = new ResourceSupervision(
            new(_replica),
            _turns,
            [],
            _notifications,
            _application.Services.GetRequiredService<ResourceCommandService>(),
            _clock,
            new(_replica.Name, NullLogger.Instance, NullLogger.Instance)
        );
        _ = supervision.RunAsync(_stopping.Token);

        for (var i = 0; i < UntilShown; i++)
        {
            await TellAsync(KnownResourceStates.Running);
            await TellAsync(KnownResourceStates.Exited);
        }

        await WaitUntilRedAsync();
        await TellAsync(KnownResourceStates.Exited);

        await WaitUntilRedAsync();

        await TellAsync(KnownResourceStates.Running);
        await Until.HoldsAsync(() => !IsShown, s_deadline, () => "It is still shown.");
    }

    private Task TellAsync(string state) =>
        _notifications.PublishUpdateAsync(_replica, _replica.Name, s => s with { State = new(state, null) });

    private Task WaitUntilRedAsync() =>
        Until.HoldsAsync(() => IsShown && State?.Style == KnownResourceStateStyles.Error, s_deadline, () => $"It is not red: {State}.");
}
