using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Aspire.Hosting.Dcp;

/// <summary>What the AppHost asks of DCP's API.</summary>
internal sealed class DcpClient(Kubernetes kubernetes) : IDisposable
{
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly GenericClient _executables = new(kubernetes, DcpObject.Group, DcpObject.Version, Executable.Plural, disposeClient: false);
    private readonly GenericClient _services = new(kubernetes, DcpObject.Group, DcpObject.Version, Service.Plural, disposeClient: false);

    internal Task CreateAsync(Executable executable, CancellationToken cancellationToken)
        => CallAsync(ct => _executables.CreateAsync(executable, ct), cancellationToken);

    internal Task CreateAsync(Service service, CancellationToken cancellationToken)
        => CallAsync(ct => _services.CreateAsync(service, ct), cancellationToken);

    /// <summary>Has DCP stop a process: SIGTERM, and SIGKILL if it is still there 6 s later.</summary>
    internal Task StopExecutableAsync(string name, CancellationToken cancellationToken)
        => CallAsync(ct => _executables.PatchAsync<Executable>(new V1Patch("""{"spec":{"stop":true}}""", V1Patch.PatchType.MergePatch), name, ct), cancellationToken);

    internal async Task DeleteExecutableAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(ct => _executables.DeleteAsync<Executable>(name, ct), cancellationToken).ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
        }
    }

    /// <summary>Streams every executable there is, and every change to one, until cancelled. A stream that breaks is begun again.</summary>
    /// <exception cref="DistributedApplicationException">DCP is gone.</exception>
    internal async IAsyncEnumerable<Executable> WatchExecutablesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var changes = _executables.WatchAsync<Executable>(onError: null, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (changes.ConfigureAwait(false))
            {
                while (await NextAsync(changes, cancellationToken).ConfigureAwait(false))
                {
                    if (changes.Current.Item1 is WatchEventType.Added or WatchEventType.Modified)
                    {
                        yield return changes.Current.Item2;
                    }
                }
            }

            await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            try
            {
                await WaitUntilReadyAsync(s_patience, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or HttpOperationException)
            {
                throw new DistributedApplicationException($"The orchestrator (DCP) has ended or does not answer any more: {e.Message}", e);
            }
        }

        static async Task<bool> NextAsync(IAsyncEnumerator<(WatchEventType, Executable)> changes, CancellationToken cancellationToken)
        {
            try
            {
                return await changes.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or HttpOperationException && !cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>Streams what a process writes, from its beginning to its end; each line begins with a timestamp.</summary>
    internal async IAsyncEnumerable<string> FollowLogAsync(string name, bool standardError, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = standardError ? "stderr" : "stdout";
        using var request = await CreateRequestAsync(
            HttpMethod.Get,
            $"apis/{DcpObject.Group}/{DcpObject.Version}/{Executable.Plural}/{name}/log?source={source}&follow=true&timestamps=true",
            cancellationToken).ConfigureAwait(false);
        using var response = await kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Waits until the API answers.</summary>
    internal async Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await _executables.ListAsync<ExecutableList>(cancel: cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or HttpOperationException && waited.Elapsed < timeout)
            {
            }
        }
    }

    /// <summary>Has DCP stop what is left and end.</summary>
    internal async Task StopServerAsync()
    {
        using var timeout = new CancellationTokenSource(s_callTimeout);
        using var request = await CreateRequestAsync(HttpMethod.Patch, "admin/execution", timeout.Token).ConfigureAwait(false);
        request.Content = new StringContent("""{"status":"Stopping"}""", new MediaTypeHeaderValue("application/merge-patch+json"));
        using var response = await kubernetes.HttpClient.SendAsync(request, timeout.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _executables.Dispose();
        _services.Dispose();
        kubernetes.Dispose();
    }

    private static async Task CallAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_callTimeout);
        try
        {
            await call(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The orchestrator did not answer within {s_callTimeout.TotalSeconds:0} s.");
        }
        catch (HttpOperationException e) when (FindMessage(e.Response.Content) is { } message && e.Response.StatusCode != HttpStatusCode.NotFound)
        {
            throw new DistributedApplicationException(message, e);
        }
    }

    /// <summary>DCP refuses as Kubernetes does: <c>{"kind": "Status", "message": "..."}</c>.</summary>
    private static string? FindMessage(string? content)
    {
        try
        {
            return JsonNode.Parse(content ?? "")?["message"]?.GetValue<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<HttpRequestMessage> CreateRequestAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(kubernetes.BaseUri, path));
        if (kubernetes.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return request;
    }

    private sealed class ExecutableList : IKubernetesObject
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }
    }
}
