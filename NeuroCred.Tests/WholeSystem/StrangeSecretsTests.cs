using System.Collections;
using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Passwords and a key that need quoting wherever they go.</summary>
[StartsProcesses]
public sealed class StrangeSecretsTests(SystemWithStrangeSecrets system) : IClassFixture<SystemWithStrangeSecrets>
{
    [Fact]
    public async Task Writes_and_reads_work_and_no_part_of_a_secret_is_shown_anywhere()
    {
        var address = Workload.AddressOf("strange secrets");
        using var http = new HttpClient
        {
            BaseAddress = system.Gateway,
            DefaultRequestHeaders = { { "X-API-Key", SystemWithStrangeSecrets.Key } },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score")
        {
            Content = JsonContent.Create(new { address }),
            Headers = { { "Idempotency-Key", "\"strange-secrets\"" } },
        };
        using var written = await http.SendAsync(request, Cancellation);
        Assert.True(written.IsSuccessStatusCode, $"{written.StatusCode}: {await written.Content.ReadAsStringAsync(Cancellation)}");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"/api/score/{address}", Cancellation)).StatusCode);

        // Aspire's own checks use its own connection strings.
        foreach (var name in new[] { "postgres", "neurocred", "redis" })
        {
            await system.Application.ResourceNotifications.WaitForResourceHealthyAsync(name, Cancellation);
        }

        await Until.HoldsAsync(
            () => system.Output.Contains("curl -H", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            () => $"There is no curl line: {system.Output}"
        );
        var shown = await CollectAsync();

        Assert.Contains(shown, text => text.Place == "the log of api-1");
        Assert.Empty(
            from secret in SystemWithStrangeSecrets.Secrets
            from start in Enumerable.Range(0, secret.Length - 3)
            let part = secret.Substring(start, 4)
            from text in shown
            where text.Text.Contains(part, StringComparison.Ordinal)
            select $"'{part}' in {text.Place}: {text.Text}"
        );
    }

    private async Task<List<(string Place, string Text)>> CollectAsync()
    {
        List<(string Place, string Text)> shown = [.. system.Output.Split('\n').Select(line => ("the console", line))];
        foreach (var resource in system.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources)
        {
            shown.AddRange((await system.GetLogAsync(resource.Name)).Select(line => ($"the log of {resource.Name}", line)));
            if (system.Application.ResourceNotifications.TryGetCurrentState(resource.Name, out var state))
            {
                // The dashboard masks what is sensitive, and every variable.
                shown.AddRange(
                    state.Snapshot.Properties.Where(p => !p.IsSensitive).Select(p => ($"{p.Name} of {resource.Name}", Show(p.Value)))
                );
                shown.AddRange(
                    state.Snapshot.HealthReports.Select(r => ($"the health of {resource.Name}", $"{r.Description} {r.ExceptionText}"))
                );
            }
        }

        return shown;
    }

    private static string Show(object? value) =>
        value is IEnumerable and not string ? string.Join(' ', ((IEnumerable)value).Cast<object?>()) : $"{value}";
}
