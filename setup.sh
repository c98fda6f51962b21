#!/usr/bin/env bash
#
# Brings a bare Debian or Ubuntu machine to where `dotnet run --project NeuroCred.AppHost` works.
#
# It looks first and installs only what is missing, all of it packages of the distribution but for tools from npm that tests use,
# so run it as often as you like: as root, with `sudo ./setup.sh`, or as yourself (it asks sudo). No system service is
# started or enabled, no port taken.
#
# NEUROCRED_SETUP_ROOT puts another folder in place of / wherever the script looks or writes. Its tests use that.

set -euo pipefail

readonly postgres_minimum=13
readonly docker_minimum=25 # Aspire's orchestrator refuses older clients
readonly njs=libnginx-mod-http-js

# What only tests need, and what only benchmarks need: program or font, package, reason.
readonly test_tools="
  curl                        curl               to call the gateway by hand, as the README does
  ps                          procps             the tests send signals with its kill
  promtool                    prometheus         scrapes the system, and checks its metrics and rules
  kubectl                     kubernetes-client  builds the files for Kubernetes as its users do
  aws                         awscli             reads the commands for AWS, and calls nobody
  chromium                    chromium           opens the monitor's page and the dashboard
  DejaVuSans.ttf              fonts-dejavu-core  a wide font, which that page has to have room for
  LiberationSans-Regular.ttf  fonts-liberation   a narrow one
"
readonly benchmark_tools="
  haproxy  haproxy  a gateway to compare with
  wrk      wrk      measures throughput
"
# Where package.json names the tools from npm that tests use, and package-lock.json has their hashes.
readonly npm_tools=NeuroCred.Tests/Npm
# As Aspire asks for them, and eng/images/build.sh names them.
readonly images="nginx:1.30 postgres:18.3 redis:8.6"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${NEUROCRED_SETUP_ROOT:-}
# Debian keeps nginx, and the means to disable services, where not everyone's PATH looks.
PATH=$PATH:$root/usr/local/sbin:$root/usr/sbin:$root/sbin
uid=$(id -u)

# What it says ---------------------------------------------------------------------------------------------------------

usage() {
  cat <<'END'
Usage: ./setup.sh [--tests] [--benchmarks] [--containers]

Installs what NeuroCred needs and this machine lacks: nginx with its njs module, redis-server and PostgreSQL.
Needs the .NET SDK.

  --tests        also what only tests need: a browser, fonts, Prometheus, kubectl, aws, tools from npm
  --benchmarks   also what only benchmarks need: HAProxy to compare with, wrk
  --containers   also looks for a container engine and images, and says how to get what is missing
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
  "$@" >"$log" 2>&1 </dev/null 8<&- || code=$?
  if (( code )); then tail -n 20 "$log" | sed 's/^/    | /' >&2; fi
  return "$code"
}

# Looking --------------------------------------------------------------------------------------------------------------

extra_tools=     # what only tests or benchmarks need
problems=()      # what this script does not install: the fixes, for the user
packages=()      # what apt-get has to install

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
  if [[ $uid == 0 && ${SUDO_USER:-root} != root ]]; then
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

# nginx's module njs. Not every distribution has it, and it fits only the nginx that it was built with.
look_for_njs() {
  local reason="lets the gateway hold requests"
  if [[ -e $root/usr/lib/nginx/modules/ngx_http_js_module.so ]] && ! is_half_installed "$njs"; then
    row ok "$njs" "$reason"
  elif ! is_nginx_of_distribution; then
    row note "$njs" "$reason; not installed, because nginx is not this distribution's: take njs from where nginx is from"
  elif ! $installed && [[ -n $(candidate "$njs") || " ${packages[*]} " == *" nginx "* || -z $(lists_of_packages) ]]; then
    need_package "$njs" "$njs" "$reason"
  else
    row note "$njs" "$reason; this distribution has no package of it"
  fi
}

# It also is when there is none yet.
is_nginx_of_distribution() {
  local program
  program=$(type -P nginx) || return 0
  dpkg-query -S "$(readlink -f "$program")" &>/dev/null && dpkg-query -W nginx-common &>/dev/null
}

lists_of_packages() { compgen -G "$root/var/lib/apt/lists/*_Packages*" || true; }

# The first number of the version of a package that apt offers, or nothing.
candidate() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9]\{1,\}\).*/\1/p' || true; }

# An installation that was interrupted leaves programs without their users and folders.
is_half_installed() {
  if [[ -z ${half_installed+set} ]]; then
    half_installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 'nginx*' "$njs" 'redis*' 'postgresql*' 2>/dev/null |
      sed -n 's/^\(unpacked\|half-[a-z]*\) \(nginx\|libnginx\|redis\|postgresql\).*/\2/p' || true)
  fi
  [[ -n $half_installed && $half_installed == *"${1%%-*}"* ]]
}

look_for_extra_tools() {
  local program package reason
  while read -r program package reason; do
    [[ -n $program ]] || continue
    if [[ $program == *.ttf ]] && has_font "$program"; then
      row ok "$package" "$reason"
    elif type -P "$program" >/dev/null; then
      row ok "$program" "$reason"
    elif [[ $package =~ ^(awscli|chromium|kubernetes-client)$ ]] && grep -qs '^ID=ubuntu$' "$root/etc/os-release"; then
      row note "$package" "$reason; Ubuntu has no package of it, and without it those tests are skipped"
    else
      need_package "$package" "$package" "$reason"
    fi
  done <<<"$extra_tools"
}

has_font() { [[ -n $(find "$root/usr/share/fonts" "$root/usr/local/share/fonts" -name "$1" -print -quit 2>/dev/null) ]]; }

look_for_packages() {
  packages=()
  unset half_installed
  look_for_icu
  look_for_certificates
  look_for_program nginx nginx "the gateway" -v
  look_for_njs
  look_for_program redis-server redis-server "the cache" --version
  look_for_postgres
  look_for_extra_tools
}

# No package of the distribution, and nothing fails without it: it is installed at once, or noted.
look_for_npm_tools() {
  local reason="read the files for AWS and Railway and the OpenAPI document"
  # npm writes the first file when it has installed what the second one names.
  if [[ ! $here/$npm_tools/node_modules/.package-lock.json -nt $here/$npm_tools/package-lock.json ]]; then
    if ! type -P npm >/dev/null; then
      row note "tools from npm" "$reason; they take Node.js 20.19 or newer, and without them those tests are skipped"
      return
    fi
    if ! (cd "$here/$npm_tools" && quietly npm ci --ignore-scripts --no-audit --no-fund); then
      row note "tools from npm" "$reason; npm could not install them (above), and without them those tests are skipped"
      return
    fi
  fi
  row ok "tools from npm" "$reason"
}

# Containers -----------------------------------------------------------------------------------------------------------

# Looks as the AppHost does (NeuroCred.AppHost/Runtime): the first program that an engine answers to.
look_for_containers() {
  local reason="runs Redis, Postgres and nginx as containers" program fault='' faults=() image lacking=()
  local programs=("${ASPIRE_CONTAINER_RUNTIME:-docker}")
  if [[ -z ${ASPIRE_CONTAINER_RUNTIME:-} ]]; then programs+=(podman); fi
  for program in "${programs[@]}"; do
    fault=$(engine_fault "$program")
    if [[ -z $fault ]]; then break; fi
    faults+=("$fault")
  done
  if [[ -n $fault ]]; then
    row missing "container engine" "$reason"
    for fault in "${faults[@]}"; do row "" "" "$fault"; done
    container_advice "${faults[0]}"
    return
  fi
  row ok "$program" "$reason"
  for image in $images; do
    if ! timeout 5 "$program" image inspect "$image" &>/dev/null </dev/null; then lacking+=("$image"); fi
  done
  if (( ${#lacking[@]} )); then
    row note "${lacking[*]%:*}" "images (${lacking[*]}) that the first start pulls; without a registry, build them:"
    row "" "" "sudo eng/images/build.sh ${lacking[*]%:*}   (needs Docker and debootstrap)"
  else
    row ok "images" "$images"
  fi
}

# Says why no container can be started with a program, or nothing.
engine_fault() {
  local version format='{{.ServerVersion}}' said
  if ! type -P "$1" >/dev/null; then
    echo "there is no program '$1'"
    return
  fi
  if [[ ${1##*/} == docker ]]; then
    version=$(timeout 5 "$1" version --format '{{.Client.Version}}' 2>/dev/null </dev/null) || true # fails without an engine
    version=${version%%.*}
    if [[ $version =~ ^[0-9]+$ ]] && (( version < docker_minimum )); then
      echo "Docker's client is of version $version, and Aspire needs $docker_minimum or newer"
      return
    fi
  else
    format='{{.Version.Version}}'
  fi
  said=$(timeout 5 "$1" info --format "$format" 2>/dev/null </dev/null) || said=
  if [[ -z $said ]]; then echo "no engine answers '$1'"; fi
}

container_advice() {
  local offered
  case $1 in
    "Docker's client"*)
      problems+=("Put a Docker client of version $docker_minimum or newer first on PATH: the file 'docker' of a static build is enough"
        "(https://docs.docker.com/engine/install/binaries/). The engine that is here may stay.") ;;
    "no engine"*)
      problems+=("Start the container engine (Docker: service docker start, as root), and see that you may use it"
        "(usermod -aG docker NAME, as root, then log in again). 'docker info' says more.") ;;
    *)
      offered=$(candidate docker.io)
      if [[ -n $offered ]] && (( offered >= docker_minimum )); then
        problems+=("Install Docker, which starts a service: apt-get install docker.io   (as root)")
      else
        problems+=("Install Docker, client $docker_minimum or newer: https://docs.docker.com/engine/install/${offered:+ (docker.io here is $offered)}")
      fi ;;
  esac
  problems+=("NeuroCred runs without containers too: leave --containers away.")
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
    nginx | libnginx-mod-*) echo nginx nginx-common ;;
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
    [[ -n $service && $names\| != *"|$service|"* ]] || continue
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
  local again="Run ./setup.sh again once it is mended." offered package
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
    offered=$(candidate postgresql)
    if [[ -n $offered ]] && (( offered < postgres_minimum )); then
      fail "packages" "this system offers PostgreSQL $offered, and NeuroCred needs $postgres_minimum or newer" \
        "add PostgreSQL's own package source (https://www.postgresql.org/download/linux/), then run ./setup.sh again."
    fi
  fi
  if [[ " $* " == *" $njs "* && -z $(candidate "$njs") ]]; then
    echo "  this distribution has no $njs: going on without"
    for package; do
      shift
      if [[ $package != "$njs" ]]; then set -- "$@" "$package"; fi
    done
    (( $# )) || return 0
  fi
  apt_get install -y --no-install-recommends "$@" ||
    fail "packages" "apt-get could not install $*" \
      "read apt's message above. It may help: apt-get update; apt-get --fix-broken install" "$again"
}

# Ctrl+C must not leave the root part half done, so it is a process of its own that cleans up itself.
install_as_root() {
  local script
  script="set -euo pipefail
$(declare -p root postgres_minimum njs policy_mark PATH)
$(declare -f fail quietly candidate service_of hold_services release_services apt_get install_packages)
install_packages \"\$@\""
  if [[ $uid == 0 ]]; then
    bash -c "$script" setup.sh "$@"
  else
    sudo bash -c "$script" setup.sh "$@"
  fi
}

require_root_rights() {
  if [[ $uid == 0 ]]; then return; fi
  local what="installing packages needs root, and" package service commands needed=() optional=
  if ! type -P sudo >/dev/null; then
    what+=" there is no sudo"
  elif sudo -n true 2>/dev/null || { echo "  sudo may ask for your password, to install packages:"; sudo true; }; then
    return
  else
    what+=" sudo does not let you"
  fi
  for package in "${packages[@]}"; do
    if [[ $package == "$njs" ]]; then optional=$package; else needed+=("$package"); fi
  done
  commands=("apt-get update")
  if (( ${#needed[@]} )); then commands+=("apt-get install -y --no-install-recommends ${needed[*]@Q}"); fi
  if [[ -n $optional ]]; then commands+=("apt-get install -y --no-install-recommends $njs   # where the distribution has it"); fi
  for package in "${needed[@]}"; do
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

# The run --------------------------------------------------------------------------------------------------------------

cleanup() {
  local code=$?
  rm -f "$log"
  if (( code > 128 )); then printf '\nsetup.sh: interrupted. Run it again to go on.\n' >&7; fi
}

main() {
  local argument containers=false installed=false next="dotnet run --project NeuroCred.AppHost"
  for argument in "$@"; do
    case $argument in
      --tests) extra_tools+=$test_tools next="dotnet test --max-parallel-test-modules 1" ;;
      --benchmarks) extra_tools+=$benchmark_tools next="dotnet run -c Release --project NeuroCred.Benchmarks -- --help" ;;
      --containers) containers=true ;;
      --help | -h) usage; exit ;;
      *) printf 'setup.sh: unknown option: %s\n\n' "$argument" >&2; usage >&2; exit 2 ;;
    esac
  done
  if [[ $(uname -s) != Linux ]]; then
    fail "system" "setup.sh knows Linux only" \
      "install the .NET SDK, and either Docker or nginx, Redis and PostgreSQL $postgres_minimum or newer" \
      "with their services stopped: NeuroCred starts its own."
  fi
  exec 7>&2 # Ctrl+C can come while standard error goes elsewhere
  log=$(mktemp)
  trap cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  echo "NeuroCred needs these; what is missing is installed:"
  look_for_dotnet
  look_for_packages
  if [[ $extra_tools == *promtool* ]]; then look_for_npm_tools; fi
  if $containers; then look_for_containers; fi

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
  if $installed; then echo "Done. Next: $next"; else echo "Nothing is missing. Next: $next"; fi
}

main "$@"
