namespace NeuroCred.Api.RateLimiting;

/// <summary>
/// How many requests of a kind a client may send to each route: a bucket holds as many tokens as <see cref="PerMinute"/> says, a request
/// takes one, and they come back evenly over a minute.
/// </summary>
/// <param name="Name">Its name, as clients read it.</param>
/// <param name="PerMinute">Requests per minute; 0: any number.</param>
internal sealed record RateLimit(string Name, int PerMinute)
{
    /// <summary>How long an empty bucket takes until it is full.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How long it takes until one token is back.</summary>
    public TimeSpan Interval { get; } = PerMinute == 0 ? TimeSpan.Zero : Window / PerMinute;

    /// <summary>
    /// How many tokens a replica takes at once: those of a tenth of a second. Redis is then asked for every tenth read alone, and what one
    /// replica has in stock while a client asks another one is a small part of the whole.
    /// </summary>
    public int Batch { get; } = Math.Max(1, PerMinute / 600);

    /// <summary>The value of <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers-10).</summary>
    public string Policy { get; } = $"\"{Name}\";q={PerMinute};w={(int)Window.TotalSeconds}";
}
