namespace NeuroCred.Api.Browsers;

/// <summary>Answers OPTIONS with the methods that a path takes (RFC 9110, 9.3.7). Routing names them when it refuses a method.</summary>
internal static class OptionsMiddleware
{
    /// <summary>To be called before routing, and after errors become problems.</summary>
    public static void UseOptions(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                await next(context);
                var response = context.Response;
                if (
                    HttpMethods.IsOptions(context.Request.Method)
                    && response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false }
                )
                {
                    response.StatusCode = StatusCodes.Status204NoContent;
                    response.Headers.Allow = $"{response.Headers.Allow}, {HttpMethods.Options}";
                }
            }
        );
}
