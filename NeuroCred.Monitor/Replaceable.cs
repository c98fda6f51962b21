namespace NeuroCred.Monitor;

/// <summary>A value that many read, until a later one takes its place.</summary>
internal sealed class Replaceable<T>(T value)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public T Value { get; } = value;

    /// <summary>Completes when there is a later one.</summary>
    public Task Replaced => _replaced.Task;

    /// <summary>Says so, once the later one can be read.</summary>
    public void Replace() => _replaced.SetResult();
}
