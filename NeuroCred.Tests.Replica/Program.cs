using System.Threading.RateLimiting;
using NeuroCred.ServiceDefaults;
using NeuroCred.Tests.Replica;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.AddServiceDefaults(new(builder.Configuration));

var faults = new Faults();
builder.Services.AddSingleton(faults);
builder.Services.AddHealthChecks().AddCheck<FaultyDependency>("database");
builder.Services.AddRateLimiter(limiter =>
    limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, bool>(context =>
        faults.Kind == FaultKind.Queue && Faults.IsOfClient(context)
            ? RateLimitPartition.GetConcurrencyLimiter(
                true,
                _ =>
                    new()
                    {
                        PermitLimit = 1,
                        QueueLimit = 10_000,
                        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                    }
            )
            : RateLimitPartition.GetNoLimiter(false)
    )
);

var app = builder.Build();
app.Use((context, next) => faults.Kind == FaultKind.Hang && !Faults.IsSwitch(context) ? faults.WaitUntilSwitchedAsync() : next(context));
app.MapDefaultEndpoints();
app.UseRouting();
app.UseRateLimiter();
app.MapPut("/fault/{kind}", (FaultKind kind, int? amount) => faults.Switch(kind, amount ?? 0));
app.MapMethods("/api/{**path}", ["GET", "POST"], faults.AnswerAsync);
await app.RunAsync();
