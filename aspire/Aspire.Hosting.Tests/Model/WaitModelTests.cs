using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class WaitModelTests
{
    private readonly IDistributedApplicationBuilder _builder = TestModel.CreateBuilder();

    [Fact]
    public void A_resource_cannot_wait_for_itself()
    {
        var program = _builder.AddProgram("api");
        Assert.Contains("'api' cannot wait for 'api'", Assert.Throws<DistributedApplicationException>(() => program.WaitFor(program)).Message, StringComparison.Ordinal);
        Assert.Throws<DistributedApplicationException>(() => program.WaitForCompletion(program));
        Assert.Throws<DistributedApplicationException>(() => program.WaitForStart(program));
        Assert.Empty(program.Resource.Annotations.OfType<WaitAnnotation>());
    }

    [Fact]
    public void A_part_cannot_wait_for_what_it_is_a_part_of()
    {
        var server = _builder.AddProgram("server");
        var part = _builder.AddResource(new Part("part", server.Resource));
        Assert.Contains("'part' cannot wait for 'server'", Assert.Throws<DistributedApplicationException>(() => part.WaitFor(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_a_part_is_waiting_for_the_whole_too()
    {
        var server = _builder.AddPostgres("server");
        var database = server.AddDatabase("db");
        var program = _builder.AddProgram().WaitFor(database);
        Assert.Equal<IResource>([server.Resource, database.Resource], program.Resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource));
    }

    [Fact]
    public void Each_way_of_waiting_says_what_for_and_relates_the_resources()
    {
        var other = _builder.AddProgram("other");
        var program = _builder.AddProgram()
            .WaitFor(other)
            .WaitFor(other, WaitBehavior.WaitOnResourceUnavailable)
            .WaitForStart(other)
            .WaitForCompletion(other, exitCode: 3);
        Assert.Equal(
            [
                (WaitType.WaitUntilHealthy, null, 0),
                (WaitType.WaitUntilHealthy, WaitBehavior.WaitOnResourceUnavailable, 0),
                (WaitType.WaitUntilStarted, null, 0),
                (WaitType.WaitForCompletion, (WaitBehavior?)null, 3),
            ],
            program.Resource.Annotations.OfType<WaitAnnotation>().Select(w => (w.WaitType, w.WaitBehavior, w.ExitCode)));
        Assert.All(program.Resource.Annotations.OfType<ResourceRelationshipAnnotation>(), r => Assert.Equal("WaitFor", r.Type));
    }

    private sealed class Part(string name, IResource parent) : Resource(name), IResourceWithParent, IResourceWithWaitSupport
    {
        public IResource Parent { get; } = parent;
    }
}
