using NeuroCred.ServiceDefaults.Requests;

namespace NeuroCred.Tests.ServiceDefaults;

public class RecentRequestIdsTests
{
    [Fact]
    public void An_id_is_remembered_for_as_many_others_as_there_is_room_for_and_then_forgotten()
    {
        var recent = new RecentRequestIds();
        Assert.False(recent.IsRepeated("first"));
        Assert.True(recent.IsRepeated("first"));

        Add(recent, 1, RecentRequestIds.Capacity);
        Assert.True(recent.IsRepeated("first"));

        Add(recent, RecentRequestIds.Capacity, 1);
        Assert.False(recent.IsRepeated("first"));
        Assert.False(recent.IsRepeated("1"));
        Assert.True(recent.IsRepeated("9"));
    }

    private static void Add(RecentRequestIds recent, int first, int until)
    {
        for (var i = first; i < Math.Max(until, first + 1); i++)
        {
            Assert.False(recent.IsRepeated(i.ToString()));
        }
    }
}
