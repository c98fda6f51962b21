using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The annotations of a resource, in the order they were added.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>
{
    // The orchestrator, the health monitor and the dashboard read the model at once, while a handler may
    // still add to it: readers inside this library take a snapshot.
    private readonly Lock _lock = new();

    /// <summary>Creates an empty collection.</summary>
    public ResourceAnnotationCollection() : base([])
    {
    }

    internal IResourceAnnotation[] Snapshot()
    {
        lock (_lock)
        {
            return [.. Items];
        }
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, IResourceAnnotation item)
    {
        lock (_lock)
        {
            base.InsertItem(index, item);
        }
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int index)
    {
        lock (_lock)
        {
            base.RemoveItem(index);
        }
    }

    /// <inheritdoc/>
    protected override void SetItem(int index, IResourceAnnotation item)
    {
        lock (_lock)
        {
            base.SetItem(index, item);
        }
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        lock (_lock)
        {
            base.ClearItems();
        }
    }
}
