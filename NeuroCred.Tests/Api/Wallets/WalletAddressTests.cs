using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Wallets;

public class WalletAddressTests
{
    // The vectors of EIP-55 itself.
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void An_address_is_answered_with_its_checksum_however_it_was_written(string checksummed)
    {
        foreach (var written in new[] { checksummed, checksummed.ToLowerInvariant(), "0x" + checksummed[2..].ToUpperInvariant() })
        {
            Assert.True(WalletAddress.TryParse(written, out var address));
            Assert.Equal(checksummed, address.ToString());
            Assert.Equal(checksummed.ToLowerInvariant(), address.Lower);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0X52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7a")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EEg")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7\n")]
    [InlineData("0x5290840009852788６E0F7030069857D2E4169EE7")]
    public void Anything_else_is_no_address(string? text)
    {
        Assert.False(WalletAddress.TryParse(text, out _));
        Assert.Null(WalletAddress.FindChecksumProblem(text));
    }

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")] // the case of one letter
    // A checksum without upper case.
    [InlineData("0x27B1fdb04752bbc536007a920d24acb045561c26", "0x27b1fdb04752bbc536007a920d24acb045561c26")]
    public void Mixed_case_that_is_no_checksum_is_refused_with_the_right_spelling(string written, string checksummed)
    {
        Assert.False(WalletAddress.TryParse(written, out _));

        var problem = WalletAddress.FindChecksumProblem(written);

        Assert.Contains("wrong checksum (EIP-55)", problem, StringComparison.Ordinal);
        Assert.Contains(checksummed, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_digit_is_noticed_if_the_address_has_a_checksum()
    {
        Assert.False(WalletAddress.TryParse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee", out _));
        Assert.True(WalletAddress.TryParse("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaee", out _));
    }
}
