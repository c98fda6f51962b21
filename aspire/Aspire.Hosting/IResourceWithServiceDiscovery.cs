using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A resource whose endpoints are handed to others as service discovery variables.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
