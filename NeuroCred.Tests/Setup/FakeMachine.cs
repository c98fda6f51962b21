using System.Runtime.Versioning;

namespace NeuroCred.Tests.Setup;

/// <summary>
/// A machine made of a temporary folder, for <c>setup.sh</c>: its PATH holds stubs and a few genuine tools, and
/// <c>NEUROCRED_SETUP_ROOT</c> stands in for <c>/</c>. Freshly made it lacks nothing; tests take things away.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FakeMachine : IDisposable
{
    /// <summary>Writes down what the services of packages would be told, and brings the programs.</summary>
    private const string AptGetStub = """
        echo "apt-get $*" >>"$CALLS"
        case "$*" in *" install "*) ;; *) exit 0 ;; esac
        policy=$NEUROCRED_SETUP_ROOT/usr/sbin/policy-rc.d
        for service in nginx redis-server postgresql.service postgresql@15-main prometheus cron; do
          code=0; [ ! -e "$policy" ] || "$policy" --quiet $service start || code=$?
          echo "policy $service $code" >>"$CALLS"
        done
        for file in "$NEUROCRED_SETUP_ROOT"/etc/postgresql-common/createcluster.d/*; do
          [ ! -e "$file" ] || echo "postgresql: $(cat "$file")" >>"$CALLS"
        done
        mkdir -p "$NEUROCRED_SETUP_ROOT/etc/init.d"
        for package; do
          case $package in
            nginx) printf '#!/bin/sh\necho nginx/1.22.1\n' >"$BIN/nginx"; chmod 755 "$BIN/nginx" ;;
            libnginx-mod-http-js) mkdir -p "$NEUROCRED_SETUP_ROOT/usr/lib/nginx/modules"; : >"$NEUROCRED_SETUP_ROOT/usr/lib/nginx/modules/ngx_http_js_module.so"; continue ;;
            fonts-dejavu-core) mkdir -p "$NEUROCRED_SETUP_ROOT/usr/share/fonts/truetype"; : >"$NEUROCRED_SETUP_ROOT/usr/share/fonts/truetype/DejaVuSans.ttf"; continue ;;
            fonts-liberation) mkdir -p "$NEUROCRED_SETUP_ROOT/usr/share/fonts/truetype"; : >"$NEUROCRED_SETUP_ROOT/usr/share/fonts/truetype/LiberationSans-Regular.ttf"; continue ;;
            redis-server) printf '#!/bin/sh\necho v=7.0.15\n' >"$BIN/redis-server"; chmod 755 "$BIN/redis-server" ;;
            postgresql)
              mkdir -p "$NEUROCRED_SETUP_ROOT/usr/lib/postgresql/15/bin"
              for program in postgres initdb psql pg_isready; do
                printf '#!/bin/sh\necho 15.18\n' >"$NEUROCRED_SETUP_ROOT/usr/lib/postgresql/15/bin/$program"
                chmod 755 "$NEUROCRED_SETUP_ROOT/usr/lib/postgresql/15/bin/$program"
              done ;;
            prometheus) printf '#!/bin/sh\n' >"$BIN/promtool"; chmod 755 "$BIN/promtool" ;;
            curl | chromium) printf '#!/bin/sh\n' >"$BIN/$package"; chmod 755 "$BIN/$package"; continue ;;
            kubernetes-client) printf '#!/bin/sh\n' >"$BIN/kubectl"; chmod 755 "$BIN/kubectl"; continue ;;
            awscli) printf '#!/bin/sh\n' >"$BIN/aws"; chmod 755 "$BIN/aws"; continue ;;
            procps) printf '#!/bin/sh\n' >"$BIN/ps"; chmod 755 "$BIN/ps"; continue ;;
            haproxy) printf '#!/bin/sh\n' >"$BIN/haproxy"; chmod 755 "$BIN/haproxy" ;;
            wrk) printf '#!/bin/sh\n' >"$BIN/wrk"; chmod 755 "$BIN/wrk"; continue ;;
            *) continue ;;
          esac
          echo >"$NEUROCRED_SETUP_ROOT/etc/init.d/$package"
        done
        """;

    private static readonly string[] s_genuineTools =
    [
        "bash",
        "cat",
        "chmod",
        "dirname",
        "env",
        "find",
        "flock",
        "grep",
        "mkdir",
        "mktemp",
        "mv",
        "readlink",
        "rm",
        "rmdir",
        "sed",
        "tail",
        "timeout",
        "true",
        "uname",
    ];

    private readonly TemporaryFolder _folder = new();

    public FakeMachine()
    {
        Directory.CreateDirectory(Bin);
        Directory.CreateDirectory(InRoot("var/lib/dpkg"));
        foreach (var tool in s_genuineTools)
        {
            Link(tool, FindGenuine(tool));
        }

        WriteFile(InRoot("etc/debian_version"), "12.0");
        WriteFile(InRoot("etc/ssl/certs/ca-certificates.crt"), "");
        WriteFile(InRoot("usr/lib/x86_64-linux-gnu/libicuuc.so.72"), "");
        WriteFile(InRoot("var/lib/apt/lists/debian_Packages"), "");
        WriteFile(InRoot("usr/lib/nginx/modules/ngx_http_js_module.so"), "");

        RunAs("root", 0);
        Stub("getent", "[ $1 = passwd ]");
        Stub("dotnet", "echo 10.0.401");
        Stub("nginx", "echo 'nginx version: nginx/1.22.1' >&2");
        Stub("redis-server", "echo 'Redis server v=7.0.15 sha=00000000:0'");
        StubPostgres(15);
        Stub("dpkg", "");
        Stub("dpkg-query", "case \"$*\" in '-S '* | '-W nginx-common') [ -e \"$BIN/nginx\" ] ;; *) exit 1 ;; esac");
        Stub("apt-get", AptGetStub);
        Stub("apt-cache", "echo '  Candidate: 15+248'");
        Stub("update-rc.d", "echo \"update-rc.d $*\" >>\"$CALLS\"");
        Stub("sudo", "echo \"sudo $*\" >>\"$CALLS\"; [ $1 != -n ] || shift; exec \"$@\"");
    }

    public string Temporary => _folder.At("tmp");

    public string Policy => InRoot("usr/sbin/policy-rc.d");

    /// <summary>What the stubs were asked to do, a line each.</summary>
    public string[] Calls => File.Exists(CallsFile) ? File.ReadAllLines(CallsFile) : [];

    /// <summary>The one call that installs packages.</summary>
    public string Install => Assert.Single(Calls, IsInstall);

    private string Bin => _folder.At("bin");

    private string CallsFile => _folder.At("calls");

    public static string SetupScript { get; } = Path.Combine(Repository.Folder, "setup.sh");

    public string InRoot(string path) => _folder.At(Path.Combine("root", path));

    public void Stub(string program, string script) => WriteScript(Path.Combine(Bin, program), script);

    public void Link(string program, string target) => File.CreateSymbolicLink(Path.Combine(Bin, program), target);

    public void StubPostgres(int version)
    {
        foreach (var program in (string[])["postgres", "initdb", "psql", "pg_isready"])
        {
            WriteScript(InRoot($"usr/lib/postgresql/{version}/bin/{program}"), $"echo 'postgres (PostgreSQL) {version}.4 (Debian)'");
        }
    }

    public void RunAs(string user, int id) => Stub("id", $"if [ $1 = -u ]; then echo {id}; else echo {user}; fi");

    public void Remove(string program)
    {
        switch (program)
        {
            case "libnginx-mod-http-js":
                Directory.Delete(InRoot("usr/lib/nginx"), recursive: true);
                break;
            case "postgresql":
                Directory.Delete(InRoot("usr/lib/postgresql"), recursive: true);
                break;
            default:
                File.Delete(Path.Combine(Bin, program));
                break;
        }
    }

    public async Task<SetupRun> RunSetupAsync(string arguments = "", Dictionary<string, string>? environment = null)
    {
        // A shell that runs a job in the background has it ignore SIGINT, and so all that descends from it.
        var start = new ProcessStartInfo("env", $"--default-signal=INT {Path.Combine(Bin, "bash")} {SetupScript} {arguments}")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Bin;
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Temporary).FullName;
        start.Environment["BIN"] = Bin;
        start.Environment["CALLS"] = CallsFile;
        start.Environment["NEUROCRED_SETUP_ROOT"] = InRoot("").TrimEnd('/');
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var cancellation = Cancellation;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new SetupRun(process.ExitCode, await output, await error, clock.Elapsed);
    }

    public static void WriteFile(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public static void WriteScript(string path, string script)
    {
        WriteFile(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Dispose();

    public static bool IsInstall(string call) => call.Contains(" install ");

    private static string FindGenuine(string tool) => File.Exists($"/usr/bin/{tool}") ? $"/usr/bin/{tool}" : $"/bin/{tool}";
}

/// <summary>What a run of <c>setup.sh</c> came to.</summary>
internal sealed record SetupRun(int ExitCode, string Output, string Error, TimeSpan Duration);
