using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Tests.Model;

public sealed class EventingTests
{
    private readonly DistributedApplicationEventing _eventing = new();
    private readonly List<string> _calls = [];

    [Fact]
    public async Task Subscribers_are_called_one_after_the_other_in_the_order_they_came()
    {
        var release = new TaskCompletionSource();
        _eventing.Subscribe<Happened>(async (_, _) =>
        {
            await release.Task;
            _calls.Add("first");
        });
        Note("second");
        var publishing = _eventing.PublishAsync(new Happened(), TestContext.Current.CancellationToken);
        Assert.Empty(_calls);
        release.SetResult();
        await publishing;
        Assert.Equal(["first", "second"], _calls);
    }

    [Fact]
    public async Task A_subscriber_that_fails_ends_the_publication()
    {
        _eventing.Subscribe<Happened>((_, _) => throw new InvalidOperationException("no"));
        Note("never");
        await Assert.ThrowsAsync<InvalidOperationException>(() => _eventing.PublishAsync(new Happened(), TestContext.Current.CancellationToken));
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task An_ended_subscription_is_not_called_any_more()
    {
        var subscription = Note("gone");
        Note("still there");
        _eventing.Unsubscribe(subscription);
        await _eventing.PublishAsync(new Happened(), TestContext.Current.CancellationToken);
        Assert.Equal(["still there"], _calls);
    }

    [Fact]
    public async Task Concurrent_subscribers_do_not_wait_for_each_other()
    {
        var one = new TaskCompletionSource();
        var two = new TaskCompletionSource();
        _eventing.Subscribe<Happened>((_, _) => Meet(one, two.Task));
        _eventing.Subscribe<Happened>((_, _) => Meet(two, one.Task));
        await _eventing.PublishAsync(new Happened(), EventDispatchBehavior.BlockingConcurrent, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        static async Task Meet(TaskCompletionSource here, Task other)
        {
            here.SetResult();
            await other;
        }
    }

    [Theory]
    [InlineData(EventDispatchBehavior.NonBlockingSequential)]
    [InlineData(EventDispatchBehavior.NonBlockingConcurrent)]
    public async Task The_publisher_need_not_wait(EventDispatchBehavior behavior)
    {
        var release = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        _eventing.Subscribe<Happened>(async (_, _) =>
        {
            await release.Task;
            done.SetResult();
        });
        await _eventing.PublishAsync(new Happened(), behavior, TestContext.Current.CancellationToken);
        Assert.False(done.Task.IsCompleted);
        release.SetResult();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_event_of_a_resource_reaches_those_who_asked_for_that_one_and_those_who_asked_for_all()
    {
        var builder = TestModel.CreateBuilder();
        var one = builder.AddProgram("one").OnBeforeResourceStarted((resource, _, _) => CallAsync($"for {resource.Name}"));
        var two = builder.AddProgram("two");
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>((@event, _) => CallAsync($"for all: {@event.Resource.Name}"));
        var services = (await builder.BuildAsync(TestContext.Current.CancellationToken)).Services;
        await builder.Eventing.PublishAsync(new BeforeResourceStartedEvent(one.Resource, services), TestContext.Current.CancellationToken);
        await builder.Eventing.PublishAsync(new BeforeResourceStartedEvent(two.Resource, services), TestContext.Current.CancellationToken);
        Assert.Equal(["for one", "for all: one", "for all: two"], _calls);
    }

    private DistributedApplicationEventSubscription Note(string call) => _eventing.Subscribe<Happened>((_, _) => CallAsync(call));

    private Task CallAsync(string call)
    {
        _calls.Add(call);
        return Task.CompletedTask;
    }

    private sealed class Happened : IDistributedApplicationEvent;
}
