using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class AnnotationTests
{
    private readonly IResourceBuilder<ExecutableResource> _program = TestModel.CreateBuilder().AddProgram();

    [Fact]
    public void An_annotation_joins_those_of_its_type_and_the_last_one_counts()
    {
        _program.WithAnnotation(new Note("one")).WithAnnotation(new Note("two"));
        Assert.True(_program.Resource.TryGetAnnotationsOfType<Note>(out var notes));
        Assert.Equal(["one", "two"], notes.Select(n => n.Text));
        Assert.True(_program.Resource.TryGetLastAnnotation<Note>(out var last));
        Assert.Equal("two", last.Text);
    }

    [Fact]
    public void An_annotation_can_replace_those_of_its_type_and_no_others()
    {
        var before = _program.Resource.Annotations.ToArray();
        _program.WithAnnotation(new Note("one")).WithAnnotation(new Note("two")).WithAnnotation(new Note("three"), ResourceAnnotationMutationBehavior.Replace);
        Assert.Equal([.. before, new Note("three")], _program.Resource.Annotations);
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        Assert.False(_program.Resource.HasAnnotationOfType<Note>());
        Assert.False(_program.Resource.TryGetLastAnnotation<Note>(out _));
        Assert.False(_program.Resource.TryGetAnnotationsOfType<Note>(out _));
    }

    [Fact]
    public void An_icon_is_replaced_and_a_health_check_is_not_added_twice()
    {
        _program.WithIconName("Beaker").WithIconName("Rocket", IconVariant.Regular);
        var icon = Assert.Single(_program.Resource.Annotations.OfType<ResourceIconAnnotation>());
        Assert.Equal(("Rocket", IconVariant.Regular), (icon.IconName, icon.IconVariant));

        _program.WithHealthCheck("check");
        Assert.Contains(
            "'program' has the health check 'check' already",
            Assert.Throws<DistributedApplicationException>(() => _program.WithHealthCheck("check")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_of_the_same_name_replaces_the_earlier_one()
    {
        _program.WithCommand("flush", "Flush", _ => Task.FromResult(CommandResults.Success()));
        _program.WithCommand("flush", "Flush it all", _ => Task.FromResult(CommandResults.Success()));
        Assert.Equal("Flush it all", Assert.Single(_program.Resource.Annotations.OfType<ResourceCommandAnnotation>()).DisplayName);
    }

    private sealed record Note(string Text) : IResourceAnnotation;
}
