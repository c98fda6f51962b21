namespace NeuroCred.Tests.Api.OpenApi;

public sealed class ApiDocumentTests
{
    [Fact]
    public async Task The_document_describes_the_endpoints_that_are_mapped() =>
        Snapshot.Matches(await ApiDocument.GenerateAsync(Cancellation), $"../{ApiDocument.Path}");
}
