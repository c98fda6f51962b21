using NeuroCred.Benchmarks.Linearizability;
using static NeuroCred.Tests.Benchmarks.Linearizability.HandWritten;

namespace NeuroCred.Tests.Benchmarks.Linearizability;

/// <summary>Which histories of a wallet are accepted, and which are not.</summary>
public sealed class WalletCheckTests
{
    private static readonly string s_a = Body("A"),
        s_b = Body("B"),
        s_c = Body("C");

    [Fact]
    public void One_operation_after_the_other_is_accepted() =>
        AssertAccepted(
            Read(0, 1, null),
            Add(2, 3, 0),
            Compute(4, 5, "k1", Body("A", 0)),
            Read(6, 7, Body("A", 0)),
            Add(8, 9, 1),
            Compute(10, 11, "k2", Body("B", 0, 1)),
            Read(12, 13, Body("B", 0, 1)),
            ReadAll(14, 15, Body("A", 0), Body("B", 0, 1))
        );

    [Fact]
    public void A_read_beside_a_write_may_show_what_was_before_or_after_it()
    {
        AssertAccepted(Compute(0, 1, "k1", s_a), Compute(2, 5, "k2", s_b), Read(3, 4, s_a), Read(6, 7, s_b));
        AssertAccepted(Compute(0, 1, "k1", s_a), Compute(2, 5, "k2", s_b), Read(3, 4, s_b), Read(6, 7, s_b));
    }

    [Fact]
    public void Reads_beside_each_other_may_show_different_scores_in_any_order() =>
        AssertAccepted(Compute(0, 1, "k1", s_a), Compute(2, 9, "k2", s_b), Read(3, 6, s_b), Read(4, 7, s_a));

    [Fact]
    public void Scores_beside_each_other_may_be_stored_in_any_order() =>
        AssertAccepted(Compute(0, 9, "k1", s_a), Compute(1, 8, "k2", s_b), Compute(2, 7, "k3", s_c), ReadAll(10, 11, s_b, s_c, s_a));

    [Fact]
    public void Operations_that_touch_at_one_instant_may_be_in_either_order() =>
        AssertAccepted(Compute(0, 1, "k1", s_a), Compute(2, 3, "k2", s_b), Read(3, 4, s_a));

    [Fact]
    public void A_transaction_beside_a_score_may_count_or_not()
    {
        AssertAccepted(Add(0, 3, 0), Compute(1, 2, "k1", Body("A", 0)));
        AssertAccepted(Add(0, 3, 0), Compute(1, 2, "k1", Body("A")));
    }

    [Fact]
    public void A_transaction_may_be_acknowledged_before_a_score_that_does_not_count_it_is_stored() =>
        AssertAccepted(Compute(0, 1, "k1", s_a), Compute(2, 9, "k2", s_b), Add(3, 4, 0), Read(5, 6, s_a), Read(10, 11, s_b));

    [Fact]
    public void A_write_of_unknown_outcome_may_have_taken_effect_at_once_or_late_or_never()
    {
        var unknown = Compute(2, 3, "k2", s_b).Unknown();

        AssertAccepted(Compute(0, 1, "k1", s_a), unknown, Read(4, 5, s_b));
        AssertAccepted(Compute(0, 1, "k1", s_a), unknown, Read(4, 5, s_a), Read(6, 7, s_b));
        AssertAccepted(Compute(0, 1, "k1", s_a), unknown, Read(4, 5, s_a), ReadAll(6, 7, s_a));
        AssertAccepted(Compute(0, 1, "k1", s_a), unknown, Read(4, 5, s_a), Compute(6, 7, "k2", s_b), ReadAll(8, 9, s_a, s_b));
        AssertAccepted(Compute(0, 1, "k1", s_a), unknown, Compute(4, 5, "k3", s_c), Compute(6, 7, "k2", s_b), ReadAll(8, 9, s_a, s_b, s_c));
    }

    [Fact]
    public void A_transaction_of_unknown_outcome_may_have_been_stored_at_once_or_late_or_never()
    {
        AssertAccepted(Add(0, 1, 0).Unknown(), Compute(2, 3, "k1", Body("A", 0)));
        AssertAccepted(Add(0, 1, 0).Unknown(), Compute(2, 3, "k1", s_a), Compute(4, 5, "k2", Body("B", 0)));
        AssertAccepted(Add(0, 1, 0).Unknown(), Compute(2, 3, "k1", s_a), Add(4, 5, 0, wasNew: true), Compute(6, 7, "k2", Body("B", 0)));
        AssertAccepted(Add(0, 1, 0).Unknown(), Add(2, 3, 0, wasNew: false), Compute(4, 5, "k2", Body("B", 0)));
    }

    [Fact]
    public void A_key_that_is_sent_again_gets_its_score_also_when_it_is_not_the_newest_any_more() =>
        AssertAccepted(
            Compute(0, 1, "k1", s_a),
            Compute(2, 3, "k2", s_b),
            Compute(4, 5, "k1", s_a),
            Read(6, 7, s_b),
            ReadAll(8, 9, s_a, s_b)
        );

    [Fact]
    public void A_stale_read_is_found_and_told_with_no_more_than_it_takes()
    {
        var found = Check(
            Add(0, 0.5, 3),
            Compute(0.6, 1, "k0", Body("Z", 3)),
            Read(1.1, 1.2, Body("Z", 3)),
            Compute(2, 3, "k1", Body("A", 3)),
            Add(3, 4, 4),
            Compute(5, 6, "k2", Body("B", 3, 4)),
            Read(7, 8, Body("A", 3)),
            Read(9, 10, Body("B", 3, 4))
        );

        Assert.Equal(Verdict.NotLinearizable, found.Verdict);
        Assert.Equal(["k1", "k2", null], found.Window.Select(o => o.Key));
        Assert.Equal(
            """
            0x1: no order of its operations explains what clients were told. Of 8 operations these 3 are enough:
              1. 2.000000 to 3.000000 s, client 3: POST score, key k1 -> the score 500 of key k1, of transactions 3, computed at A, key kept until tomorrow
              2. 5.000000 to 6.000000 s, client 5: POST score, key k2 -> the score 500 of key k2, of transactions 3-4, computed at B, key kept until tomorrow
              3. 7.000000 to 8.000000 s, client 6: GET score -> the score 500 of key k1, of transactions 3, computed at A
            The longest order that can be is 1, 2; after it there is no place for 3.
            """,
            found.Problem
        );
    }

    [Fact]
    public void A_read_that_goes_back_is_found_while_the_write_goes_on() =>
        AssertFound(2, Compute(0, 1, "k1", s_a), Compute(2, 9, "k2", s_b), Read(3, 4, s_b), Read(5, 6, s_a));

    [Fact]
    public void A_read_that_goes_back_is_found_although_the_write_has_no_answer() =>
        AssertFound(2, Compute(0, 1, "k1", s_a), Compute(2, 3, "k2", s_b).Unknown(), Read(4, 5, s_b), Read(6, 7, s_a));

    [Fact]
    public void A_lost_score_is_found()
    {
        AssertFound(1, Compute(0, 1, "k1", s_a), Read(2, 3, null));
        AssertFound(1, Compute(0, 1, "k1", s_a), Compute(2, 3, "k2", s_b), ReadAll(4, 5, s_b));
    }

    [Fact]
    public void A_lost_transaction_is_found()
    {
        AssertFound(0, Add(0, 1, 0), Compute(2, 3, "k1", s_a));
        AssertFound(0, Add(0, 1, 0), Add(2, 3, 0, wasNew: true));
    }

    [Fact]
    public void A_lost_transaction_is_found_that_an_earlier_score_counts() =>
        AssertFound(0, Add(0, 1, 0).Unknown(), Compute(2, 3, "k1", Body("A", 0)), Compute(4, 5, "k2", Body("B")));

    [Fact]
    public void A_key_that_took_effect_twice_is_found()
    {
        AssertFound(1, Compute(0, 1, "k1", s_a), ReadAll(2, 3, s_a, s_b));
        AssertFound(1, Compute(0, 1, "k1", s_a), Read(2, 3, s_b));
        AssertFound(1, Compute(0, 1, "k1", s_a), Compute(2, 3, "k1", s_a), ReadAll(4, 5, s_a, s_a));
        AssertFound(1, Compute(0, 1, "k1", s_a).Unknown(), Compute(2, 3, "k1", s_b), ReadAll(4, 5, s_a, s_b));
    }

    [Fact]
    public void A_replay_that_differs_is_found()
    {
        AssertFound(0, Compute(0, 1, "k1", s_a), Compute(2, 3, "k1", s_b));
        AssertFound(0, Compute(0, 4, "k1", s_a), Compute(2, 3, "k1", s_b));
        AssertFound(0, Compute(0, 1, "k1", s_a), Compute(2, 3, "k1", s_a) with { KeyExpires = "later" });
    }

    [Fact]
    public void A_read_of_what_nobody_wrote_is_found()
    {
        AssertFound(1, Read(0, 1, s_a));
        AssertFound(1, Compute(0, 1, "k1", s_a).Failed(), Read(2, 3, s_a));
        AssertFound(0, Add(0, 1, 0).Failed(), Compute(2, 3, "k1", Body("A", 0)));
        AssertFound(0, Compute(0, 1, "k1", Body("A", 0)), Add(2, 3, 0));
        AssertFound(1, Read(0, 1, s_a), Compute(2, 3, "k1", s_a));
    }

    [Fact]
    public void A_score_that_shows_a_transaction_that_was_not_stored_when_it_was_computed_is_found() =>
        AssertFound(1, Compute(0, 1, "k1", s_a).Unknown(), Read(2, 3, Body("A", 0)), Add(4, 5, 0));

    [Fact]
    public void A_score_that_contradicts_itself_is_found()
    {
        var found = Check(
            Read(0, 1, Body("A", 0).Replace("\"value\":1,\"points\":0},{", "\"value\":2,\"points\":0},{", StringComparison.Ordinal))
        );

        Assert.Equal(Verdict.NotLinearizable, found.Verdict);
        Assert.Contains("contradicts", found.Problem);
    }

    [Fact]
    public void Each_wallet_is_checked_by_itself()
    {
        var checks = WalletCheck.Run([Compute(0, 1, "k1", s_a), Read(2, 3, null) with { Wallet = "0x2", Client = 1 }]);

        Assert.Equal([Verdict.Linearizable, Verdict.Linearizable], checks.Select(c => c.Verdict));
    }

    [Fact]
    public void A_search_that_reaches_its_limit_is_not_decided_and_says_so()
    {
        var history = Enumerable
            .Range(0, 12)
            .Select(i => Compute(0, 10, $"k{i}", Body($"S{i}")) with { Client = i })
            .Append(Read(11, 12, null) with { Client = 99 });

        var found = Assert.Single(WalletCheck.Run([.. history], limit: 1000));

        Assert.Equal(Verdict.NotDecided, found.Verdict);
        Assert.Contains("not decided", found.Problem);
    }

    private static void AssertAccepted(params Operation[] history)
    {
        var found = Check(history);
        Assert.True(found.Verdict == Verdict.Linearizable, found.Problem);
    }

    // The window must be wrong by itself, and hold a read where the violation is one of what was read.
    private static void AssertFound(int reads, params Operation[] history)
    {
        var found = Check(history);
        Assert.Equal(Verdict.NotLinearizable, found.Verdict);
        Assert.Equal(reads, found.Window.Count(o => o.IsRead));
        Assert.Equal(Verdict.NotLinearizable, Assert.Single(WalletCheck.Run(found.Window)).Verdict);
    }
}
