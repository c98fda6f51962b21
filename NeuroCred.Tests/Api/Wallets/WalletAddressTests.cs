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
    public void Anything_else_is_no_address(string? text) => Assert.False(WalletAddress.TryParse(text, out _));
}
