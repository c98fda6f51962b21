using System.Text;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Wallets;

public class Keccak256Tests
{
    // Published with Keccak and Ethereum; those of EIP-55 are in WalletAddressTests.
    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("The quick brown fox jumps over the lazy dog", "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    public void The_published_hashes_come_out(string text, string expected) => Assert.Equal(expected, Hash(text));

    // As BouncyCastle 2.7.0 computed them. A block has 136 bytes: the padding takes the last one alone, and then a block of its own.
    [Theory]
    [InlineData(135, "34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446")]
    [InlineData(136, "a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e")]
    [InlineData(137, "d869f639c7046b4929fc92a4d988a8b22c55fbadb802c0c66ebcd484f1915f39")]
    [InlineData(271, "132f47effd6c8b1b299efa53fe68aece77ec8ae4eb2e294f668eec94f76001e1")]
    [InlineData(272, "cf7fcd4f705ee749930d19ca84561a9bf62516bd90a471545fa2f49fdc7e63c8")]
    [InlineData(273, "5a7b8187d2778e614097fac3097573de1fee4d972304d3360796a857029bb176")]
    [InlineData(1_000_000, "fadae6b49f129bbb812be8407b7b2894f34aecf6dbd1f9b0f0c7e9853098fc96")]
    public void Inputs_of_about_one_block_and_of_many_come_out_too(int length, string expected) =>
        Assert.Equal(expected, Hash(new string('a', length)));

    private static string Hash(string text)
    {
        var hash = new byte[Keccak256.Length];
        Keccak256.Hash(Encoding.ASCII.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash);
    }
}
