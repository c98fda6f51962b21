namespace NeuroCred.Balancer.Deployment;

/// <summary>A file that a target is made of.</summary>
/// <param name="Path">Where, below the target's folder, with <c>/</c> between its parts.</param>
/// <param name="Content">The text. Lines end with a line feed, the last one too.</param>
public sealed record DeploymentFile(string Path, string Content);
