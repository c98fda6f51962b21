#!/usr/bin/env bash
#
# Brings a bare Debian or Ubuntu machine to where `dotnet run --project NeuroCred.AppHost` works.
#
# It looks first and installs only what is missing, so run it as often as you like: as root, or as yourself (it asks
# sudo for the packages), or with `sudo ./setup.sh` (what belongs into a home folder goes into the caller's).
#
#   nginx, redis-server, PostgreSQL   packages of the distribution; no system service is started or enabled, no port taken
#   the Aspire CLI's bundle           from npm into ~/.aspire, where the CLI itself keeps it
#
# NEUROCRED_SETUP_ROOT puts another folder in place of / wherever the script looks or writes outside the home folder.
# Its tests use that.

set -euo pipefail

readonly aspire_version=13.5.4
readonly postgres_minimum=13

# What only tests need, and what only benchmarks need: program, package, reason.
readonly test_tools="
  curl      curl        to call the gateway by hand, as the README does
  ps        procps      the tests send signals with its kill
  promtool  prometheus  scrapes the system, and checks its metrics and rules
  chromium  chromium    opens the monitor's page and the dashboard
"
readonly benchmark_tools="
  haproxy  haproxy  a gateway to compare with
  wrk      wrk      measures throughput
"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${NEUROCRED_SETUP_ROOT:-}
# Debian keeps nginx, and the means to disable services, where not everyone's PATH looks.
PATH=$PATH:$root/usr/local/sbin:$root/usr/sbin:$root/sbin
uid=$(id -u)

# What it says ---------------------------------------------------------------------------------------------------------

usage() {
  cat <<'END'
Usage: ./setup.sh [--tests] [--benchmarks]

Installs what NeuroCred needs and this machine lacks: nginx, redis-server, PostgreSQL and the Aspire CLI's bundle.
Needs the .NET SDK; needs Node's npm once, to fetch the bundle.

  --tests        also what only tests need
  --benchmarks   also what only benchmarks need: HAProxy to compare with, wrk
  --help         this text
END
}

row() { printf '  %-8s %-26s %s\n' "$1" "$2" "$3"; }

# fail <step> <what happened> <fix, one line per argument>...
fail() {
  { printf '\nsetup.sh: step "%s" failed: %s\n' "$1" "$2"
    shift 2
    printf '  Fix: %s\n' "$1"
    shift
    if (( $# )); then printf '       %s\n' "$@"; fi
  } >&2
  exit 1
}

# Runs a command; what it printed is shown only when it fails.
quietly() {
  local code=0
  "$@" >"$log" 2>&1 </dev/null 8<&- 9<&- || code=$?
  if (( code )); then tail -n 20 "$log" | sed 's/^/    | /' >&2; fi
  return "$code"
}

# Whose home folder ----------------------------------------------------------------------------------------------------

# `sudo ./setup.sh` prepares the caller's account. A root shell that was opened with sudo prepares root's: what is started
# from there next looks for the bundle in root's home.
find_owner() {
  owner=$(id -un)
  home=${HOME:-}
  if [[ $uid == 0 && ${SUDO_USER:-root} != root && ${SUDO_COMMAND:-} == *setup.sh* ]]; then
    owner=$SUDO_USER
    home=
  fi
  if [[ -z $home ]]; then home=$(getent passwd "$owner" | cut -d: -f6) || true; fi
  if [[ -z $home ]]; then
    fail "home folder" "$owner has none, and the Aspire bundle belongs there" "run setup.sh with HOME set to a folder of $owner's."
  fi
  aspire_home=$home/.aspire
  bundle=$aspire_home/bundle
  cli=$aspire_home/bin/aspire
}

as_owner() {
  if [[ $owner == "$(id -un)" ]]; then
    "$@"
  else
    runuser -u "$owner" -- env HOME="$home" USER="$owner" LOGNAME="$owner" "$@"
  fi
}

# Looking --------------------------------------------------------------------------------------------------------------

extra_tools=     # what only tests or benchmarks need
problems=()      # what this script does not install: the fixes, for the user
packages=()      # what apt-get has to install
bundle_reason=   # why the bundle has to be installed

# The first version number in what a program says about itself.
version_of() {
  local said
  said=$("$@" 2>&1 </dev/null) || return
  [[ $said =~ [0-9]+(\.[0-9]+)+ ]] && echo "${BASH_REMATCH[0]}"
}

need_package() {
  packages+=("$1")
  row missing "$2" "$3"
}

look_for_dotnet() {
  local wanted version
  wanted=$(sed -n 's/.*"version": *"\([0-9]*\.[0-9]*\).*/\1/p' "$here/global.json")
  if version=$(cd "$here" && DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet --version 2>/dev/null); then
    row ok ".NET SDK $version" "builds and runs NeuroCred"
    return
  fi
  row missing ".NET SDK $wanted" "builds and runs NeuroCred"
  problems+=("Install the .NET $wanted SDK (https://dotnet.microsoft.com/download/dotnet/$wanted) so that 'dotnet' is on PATH.")
  if [[ $owner != "$(id -un)" ]]; then
    problems+=("If you have it already: sudo hides your PATH. Run ./setup.sh without sudo, it asks for sudo itself.")
  fi
}

# Without ICU no .NET program starts, unless it is told to do without.
look_for_icu() {
  if [[ ${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-} =~ ^(1|true)$ ]]; then return; fi
  if compgen -G "$root/usr/lib*/libicuuc.so.*" >/dev/null || compgen -G "$root/usr/lib/*/libicuuc.so.*" >/dev/null; then return; fi
  need_package '^libicu[0-9]+$' libicu ".NET and the dashboard do not start without it"
}

look_for_certificates() {
  if [[ -e $root/etc/ssl/certs/ca-certificates.crt || -n ${SSL_CERT_FILE:-} || ! -e $root/etc/debian_version ]]; then return; fi
  need_package ca-certificates ca-certificates "NuGet does not download without it"
}

look_for_program() {
  local program=$1 package=$2 reason=$3 version
  if version=$(version_of "$program" "$4") && ! is_half_installed "$package"; then
    row ok "$package $version" "$reason"
  else
    need_package "$package" "$package" "$reason"
  fi
}

look_for_postgres() {
  local reason="keeps wallets, scores and history" folders folder program version newest=0
  folders=("$root"/usr/lib/postgresql/*/bin)
  if program=$(type -P postgres); then folders+=("$(dirname "$(readlink -f "$program")")"); fi
  for folder in "${folders[@]}"; do
    if [[ ! -x $folder/postgres || ! -x $folder/initdb || ! -x $folder/psql || ! -x $folder/pg_isready ]]; then continue; fi
    version=$(version_of "$folder/postgres" --version) || continue
    if (( ${version%%.*} > newest )); then newest=${version%%.*}; fi
  done
  if is_half_installed postgresql || (( newest == 0 )); then
    need_package postgresql "PostgreSQL" "$reason"
  elif (( newest < postgres_minimum )); then
    need_package postgresql "PostgreSQL $postgres_minimum" "$reason; only $newest is here, which stays"
  else
    row ok "PostgreSQL $newest" "$reason"
    # The package makes that user; another build of PostgreSQL may not have.
    if [[ $uid == 0 ]] && ! getent passwd postgres >/dev/null && ! getent passwd nobody >/dev/null; then
      problems+=("Make a user that PostgreSQL can run as, because it refuses to run as root: useradd --system postgres")
    fi
  fi
}

# An installation that was interrupted leaves programs without their users and folders.
is_half_installed() {
  if [[ -z ${half_installed+set} ]]; then
    half_installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 'nginx*' 'redis*' 'postgresql*' 2>/dev/null |
      sed -n 's/^\(unpacked\|half-[a-z]*\) \(nginx\|redis\|postgresql\).*/\2/p' || true)
  fi
  [[ -n $half_installed && $half_installed == *"${1%%-*}"* ]]
}

look_for_extra_tools() {
  local program package reason
  while read -r program package reason; do
    [[ -n $program ]] || continue
    if type -P "$program" >/dev/null; then
      row ok "$program" "$reason"
    elif [[ $package == chromium ]] && grep -qs '^ID=ubuntu$' "$root/etc/os-release"; then
      row note "$package" "$reason; Ubuntu has no package of it, and without it those tests are skipped"
    else
      need_package "$package" "$package" "$reason"
    fi
  done <<<"$extra_tools"
}

look_for_packages() {
  packages=()
  unset half_installed
  look_for_icu
  look_for_certificates
  look_for_program nginx nginx "the gateway" -v
  look_for_program redis-server redis-server "the cache" --version
  look_for_postgres
  look_for_extra_tools
}

# Says why the bundle in a folder cannot be used, or nothing. The programs are run, because the CLI's own check takes a
# truncated file for a good one.
bundle_fault() {
  local bundle=$1 said
  if [[ ! -e $bundle ]]; then
    echo "it is not there"
  elif [[ ! -x $bundle/dcp/dcp ]]; then
    echo "dcp/dcp is missing or not executable"
  elif [[ ! -x $bundle/managed/aspire-managed ]]; then
    echo "managed/aspire-managed is missing or not executable"
  elif said=$(as_owner "$bundle/dcp/dcp" version 2>&1 </dev/null) || true; [[ $said != *version* ]]; then
    echo "dcp/dcp does not run" # what it says counts: bash takes an empty file for a script that succeeds
  else
    said=$(as_owner env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$bundle/managed/aspire-managed" --help 2>&1 </dev/null) || true
    if [[ $said != *dashboard* ]]; then echo "managed/aspire-managed does not run, or has no dashboard"; fi
  fi
}

# The bundle that the AppHost takes: the one in the home folder, else one beside an `aspire` on PATH.
find_bundle() {
  local program
  found_bundle=$bundle
  if [[ -e $bundle/dcp/dcp && -e $bundle/managed/aspire-managed ]]; then return; fi
  while read -r program; do
    program=$(readlink -f "$program")
    if [[ -z $(bundle_fault "${program%/*/*}/bundle") ]]; then
      found_bundle=${program%/*/*}/bundle
      return
    fi
  done < <(type -aP aspire)
}

bundle_version() {
  local marker=${found_bundle%/*}/.aspire-bundle-version version=
  if [[ -r $marker ]]; then version=$(cut -d+ -f1 "$marker"); fi
  echo "${version:-of an unknown version}"
}

look_for_bundle() {
  local reason="starts everything (DCP), shows it (dashboard)" version
  find_bundle
  bundle_reason=$(bundle_fault "$found_bundle")
  if [[ -z $bundle_reason ]]; then
    version=$(bundle_version)
    row ok "Aspire bundle $version" "$reason"
    if [[ $version =~ ^[0-9]+\. && $version != "${aspire_version%%.*}".* ]]; then
      row note "" "NeuroCred was made with Aspire $aspire_version; version $version is used because it is here"
    fi
    return
  fi
  row missing "Aspire bundle" "$reason; $bundle_reason"
  if [[ ! -e $cli ]] && ! npm --version &>/dev/null </dev/null; then
    problems+=("Install Node's npm, which fetches the bundle: apt-get install --no-install-recommends nodejs npm (or https://nodejs.org).")
    if [[ $owner != "$(id -un)" ]]; then
      problems+=("If you have it already: sudo hides your PATH. Run ./setup.sh without sudo, it asks for sudo itself.")
    fi
  fi
}

# Packages -------------------------------------------------------------------------------------------------------------

# Debian's packages start and enable their services, and PostgreSQL's makes a database cluster. While they are installed,
#   - policy-rc.d says no for the services of these packages (a policy that was there decides about all others),
#   - a drop-in tells PostgreSQL's package to make no cluster;
# afterwards both are gone, and the services that are new on this machine are disabled.
# The functions from here to install_as_root run as root, in a bash of their own.
policy_mark="put here by NeuroCred's setup.sh while it installs packages"

service_of() {
  case $1 in
    nginx) echo nginx nginx-common ;;
    redis-server) echo redis-server redis-server ;;
    postgresql) echo postgresql postgresql-common ;;
    haproxy) echo haproxy haproxy ;;
    prometheus) echo prometheus prometheus ;;
  esac
}

hold_services() {
  local package service carrier names=
  new_services=()
  for package in "$@"; do
    read -r service carrier <<<"$(service_of "$package")" || true
    [[ -n $service ]] || continue
    names+="|$service|$service@*"
    if [[ $(dpkg-query -W -f='${db:Status-Status}' "$carrier" 2>/dev/null) != installed ]]; then new_services+=("$service"); fi
  done
  [[ -n $names ]] || return 0

  mkdir -p "$root/usr/sbin"
  if [[ -e $policy || -L $policy ]]; then mv -T "$policy" "$policy_before"; fi
  cat >"$policy.new" <<END
#!/bin/sh
# $policy_mark; delete it if no setup.sh is running.
for word in "\$@"; do
  case "\$word" in --*) continue ;; esac
  case "\${word%.service}" in ${names#|}) exit 101 ;; esac
  break
done
if [ -x $policy_before ]; then exec $policy_before "\$@"; fi
exit 0
END
  chmod 755 "$policy.new"
  mv -T "$policy.new" "$policy"

  if [[ $names == *postgresql* ]]; then
    mkdir -p "${no_cluster%/*}"
    echo "create_main_cluster = false" >"$no_cluster"
  fi
}

# Also cleans up after a run that was killed.
release_services() {
  local service
  for service in ${new_services[@]+"${new_services[@]}"}; do
    if [[ -e $root/etc/init.d/$service ]]; then
      quietly update-rc.d "$service" disable || echo "  $service could not be disabled: it starts when this machine does" >&2
    fi
  done
  rm -f "$policy.new"
  if [[ -e $no_cluster ]]; then
    rm -f "$no_cluster"
    rmdir -p --ignore-fail-on-non-empty "${no_cluster%/*}"
  fi
  if grep -qs "$policy_mark" "$policy"; then rm -f "$policy"; fi
  if [[ -e $policy_before || -L $policy_before ]]; then mv -T "$policy_before" "$policy"; fi
}

apt_get() { quietly apt-get -o DPkg::Lock::Timeout=120 -q "$@"; }

install_packages() {
  local again="Run ./setup.sh again once it is mended." offered
  policy=$root/usr/sbin/policy-rc.d
  policy_before=$policy.before-neurocred-setup
  no_cluster=$root/etc/postgresql-common/createcluster.d/neurocred-setup.conf
  new_services=()
  exec 8<"$root/var/lib/dpkg"
  flock 8
  log=$(mktemp)
  trap 'release_services; rm -f "$log"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  release_services
  (( $# )) || return 0
  hold_services "$@"

  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
  if [[ -n $(dpkg --audit 2>/dev/null) ]]; then
    quietly dpkg --configure -a ||
      fail "packages" "an interrupted installation of packages could not be finished" \
        "dpkg --configure -a   (as root; it names the package)" "$again"
  fi
  # A broken third-party source must not stop the installation from a good one: what matters is whether install works.
  apt_get update || echo "  apt-get update failed (above); trying with the package lists that are here" >&2
  if [[ " $* " == *" postgresql "* ]]; then
    offered=$(apt-cache policy postgresql 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9]*\).*/\1/p')
    if [[ -n $offered ]] && (( offered < postgres_minimum )); then
      fail "packages" "this system offers PostgreSQL $offered, and NeuroCred needs $postgres_minimum or newer" \
        "add PostgreSQL's own package source (https://www.postgresql.org/download/linux/), then run ./setup.sh again."
    fi
  fi
  apt_get install -y --no-install-recommends "$@" ||
    fail "packages" "apt-get could not install $*" \
      "read apt's message above. It may help: apt-get update; apt-get --fix-broken install" "$again"
}

# Ctrl+C must not leave the root part half done, so it is a process of its own that cleans up itself.
install_as_root() {
  local script
  script="set -euo pipefail
$(declare -p root postgres_minimum policy_mark PATH)
$(declare -f fail quietly service_of hold_services release_services apt_get install_packages)
install_packages \"\$@\""
  if [[ $uid == 0 ]]; then
    bash -c "$script" setup.sh "$@"
  else
    sudo bash -c "$script" setup.sh "$@"
  fi
}

require_root_rights() {
  if [[ $uid == 0 ]]; then return; fi
  local what="installing packages needs root, and" package service commands
  if ! type -P sudo >/dev/null; then
    what+=" there is no sudo"
  elif sudo -n true 2>/dev/null || { echo "  sudo may ask for your password, to install packages:"; sudo true; }; then
    return
  else
    what+=" sudo does not let you"
  fi
  commands=("apt-get update && apt-get install -y --no-install-recommends ${packages[*]@Q}")
  for package in "${packages[@]}"; do
    read -r service _ < <(service_of "$package") || continue
    commands+=("service $service stop; update-rc.d $service disable   # the package starts it, NeuroCred starts its own")
  done
  fail "packages" "$what" "let root run this once, then run ./setup.sh again:" "${commands[@]}"
}

require_apt() {
  if type -P apt-get >/dev/null; then return; fi
  fail "packages" "there is no apt-get, and setup.sh knows packages of Debian and Ubuntu only" \
    "install these with the means of this system, then run ./setup.sh again:" "${packages[@]/#^libicu*/libicu (ICU)}" \
    "so that nginx and redis-server are on PATH; PostgreSQL is version $postgres_minimum or newer, with postgres and initdb on PATH." \
    "Keep their system services stopped: NeuroCred starts its own."
}

# The bundle -----------------------------------------------------------------------------------------------------------

# The banner is of no use here. The CLI tells about its telemetry once, at its first use, and this is not the user's first use.
run_cli() {
  local first_use=$aspire_home/cli/cli.firstUseSentinel code=0 used_before=false
  if [[ -e $first_use ]]; then used_before=true; fi
  as_owner env -u ASPIRE_HOME ASPIRE_CLI_TELEMETRY_OPTOUT=1 ASPIRE_CLI_NOLOGO=1 ASPIRE_NON_INTERACTIVE=true NO_COLOR=1 \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$cli" "$@" || code=$?
  if ! $used_before; then rm -f "$first_use"; fi
  return "$code"
}

download_cli() {
  local platform package
  case $(uname -m) in
    x86_64) platform=linux-x64 ;;
    aarch64 | arm64) platform=linux-arm64 ;;
    *) fail "Aspire bundle" "there is no Aspire CLI for $(uname -m)" "use a machine with x86-64 or arm64." ;;
  esac
  package=@microsoft/aspire-cli-$platform@$aspire_version
  echo "  downloading $package from npm"
  # Beside its final place, so that it arrives there whole or not at all.
  rm -rf "$aspire_home"/.neurocred-setup.*
  download=$(as_owner mktemp -d "$aspire_home/.neurocred-setup.XXXXXX")
  # By default npm takes over a minute to give up on a registry that it cannot reach.
  (cd "$download" && quietly as_owner npm pack --ignore-scripts --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 "$package") ||
    fail "Aspire bundle" "npm could not download $package" \
      "read npm's message above; mend its registry, proxy or certificate settings (npm config list)," "then run ./setup.sh again."
  quietly as_owner tar -xzf "$download"/*.tgz -C "$download" package/bin/aspire ||
    fail "Aspire bundle" "the package $package could not be unpacked" \
      "look for free disk space (df -h $aspire_home), then run ./setup.sh again."
  as_owner chmod 755 "$download/package/bin/aspire"
  as_owner mv -T "$download/package/bin/aspire" "$cli"
  rm -rf "$download"
}

install_bundle() {
  local version='' fault actual
  if ! as_owner mkdir -p "${cli%/*}" || ! as_owner test -w "$aspire_home" -a -w "${cli%/*}"; then
    fail "Aspire bundle" "$owner may not write to $aspire_home" \
      "give it to $owner (as root: chown -R $owner $aspire_home), then run ./setup.sh again."
  fi
  exec 9<"$aspire_home"
  flock 9
  if [[ -z $(bundle_fault "$bundle") ]]; then return; fi

  if [[ -e $cli ]]; then
    version=$(run_cli --version 2>/dev/null </dev/null | tail -n 1 | cut -d+ -f1) || version=
    if [[ -z $version ]]; then
      echo "  $cli does not run: kept as aspire.does-not-run"
      as_owner mv -T "$cli" "$cli.does-not-run"
    fi
  fi
  if [[ -z $version ]]; then
    download_cli
    version=$aspire_version
  fi

  echo "  unpacking the bundle of Aspire CLI $version into $aspire_home"
  quietly run_cli setup || true
  fault=$(bundle_fault "$bundle")
  actual=$(readlink -f "$bundle") || actual=
  if [[ -n $fault && -d $actual && ${actual%/*} == "$(readlink -f "$aspire_home")/versions" ]]; then
    # The CLI takes a damaged version for a good one; it unpacks again when that is gone, and sweeps what is named .bad.
    echo "  what is unpacked there is damaged ($fault): unpacking it again"
    as_owner mv -T "$actual" "$actual.bad.$$"
    quietly run_cli setup || true
    fault=$(bundle_fault "$bundle")
  fi
  if [[ -z $fault ]]; then return; fi
  if [[ $version == "$aspire_version" ]]; then
    fail "Aspire bundle" "aspire setup left $bundle unusable: $fault" \
      "look for free disk space (df -h $aspire_home) and at $aspire_home/logs, then run ./setup.sh again."
  fi
  fail "Aspire bundle" "the Aspire CLI $version in ~/.aspire/bin has no bundle that NeuroCred can use ($fault). It is left as it is" \
    "update it with 'aspire update --self' ($aspire_version is known to work)," \
    "or put it aside: mv $cli $cli-$version" "then run ./setup.sh again."
}

# The run --------------------------------------------------------------------------------------------------------------

cleanup() {
  local code=$?
  rm -rf "$log" "${download:-}"
  if (( code > 128 )); then printf '\nsetup.sh: interrupted. Run it again to go on.\n' >&7; fi
}

main() {
  local argument installed=false next="dotnet run --project NeuroCred.AppHost"
  for argument in "$@"; do
    case $argument in
      --tests) extra_tools+=$test_tools next="dotnet test --max-parallel-test-modules 1" ;;
      --benchmarks) extra_tools+=$benchmark_tools next="dotnet run -c Release --project NeuroCred.Benchmarks -- --help" ;;
      --help | -h) usage; exit ;;
      *) printf 'setup.sh: unknown option: %s\n\n' "$argument" >&2; usage >&2; exit 2 ;;
    esac
  done
  if [[ $(uname -s) != Linux ]]; then
    fail "system" "setup.sh knows Linux only" \
      "install the .NET SDK, nginx, Redis, PostgreSQL $postgres_minimum or newer, the Aspire CLI $aspire_version (https://aspire.dev)," \
      "run 'aspire setup', and keep the services of nginx, Redis and PostgreSQL stopped: NeuroCred starts its own."
  fi
  exec 7>&2 # Ctrl+C can come while standard error goes elsewhere
  log=$(mktemp)
  trap cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  echo "NeuroCred needs these; what is missing is installed:"
  find_owner
  look_for_dotnet
  look_for_packages
  look_for_bundle

  if (( ${#problems[@]} )); then
    fail "prerequisites" "something is missing that setup.sh does not install; nothing was changed" \
      "${problems[@]}" "Then run ./setup.sh again."
  fi
  if (( ${#packages[@]} )); then
    require_apt
    require_root_rights
    echo "Installing packages: ${packages[*]/#^libicu*/libicu}. This can take a minute; no service is started."
    installed=true
    install_as_root "${packages[@]}"
    look_for_packages >/dev/null
    if (( ${#packages[@]} )); then
      fail "packages" "apt-get reported success, and yet this is missing or does not run: ${packages[*]}" \
        "apt-get install --reinstall ${packages[*]@Q}   (as root)"
    fi
  elif [[ -e $root/usr/sbin/policy-rc.d ]] && grep -qs "$policy_mark" "$root/usr/sbin/policy-rc.d"; then
    echo "Removing /usr/sbin/policy-rc.d, which a setup.sh that was killed left behind."
    require_root_rights
    install_as_root
  fi
  if [[ -n $bundle_reason ]]; then
    echo "Installing the Aspire bundle."
    installed=true
    install_bundle
  fi
  if $installed; then echo "Done. Next: $next"; else echo "Nothing is missing. Next: $next"; fi
}

main "$@"
