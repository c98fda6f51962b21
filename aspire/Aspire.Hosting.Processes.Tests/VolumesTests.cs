namespace Aspire.Hosting.Processes.Tests;

public class VolumesTests
{
    [Fact]
    public void A_data_folder_that_is_not_absolute_counts_as_not_given()
    {
        Assert.Equal(Volumes.Below(null), Volumes.Below("data"));
        Assert.Equal("/data/aspire-local/volumes", Volumes.Below("/data"));
    }
}
