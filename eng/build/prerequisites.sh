# Names what is missing with the line that installs it. Asked only when something is to be built. Sourced.

require_build_tools() {
  local missing=0
  if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    lacks 'the .NET SDK 10' "$(dotnet_install_line)"
  fi
  if [ -f "$root/web/package.json" ] && ! node_is_new_enough; then
    lacks 'Node.js 20.19 or newer with npm' "curl -fsSL https://deb.nodesource.com/setup_22.x | $(as_root)bash - && $(as_root)apt-get install -y nodejs"
  fi
  command -v git >/dev/null || lacks git "$(as_root)apt-get install -y git"
  return "$missing"
}

lacks() {
  missing=1
  printf 'parley: %s is missing. Install it with:\n  %s\n' "$1" "$2" >&2
}

as_root() { [ "$(id -u)" = 0 ] || printf 'sudo '; }

node_is_new_enough() {
  command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

# Ubuntu carries the SDK itself from 24.04 on; elsewhere it comes from its maker's feed or, without apt, into the home folder.
dotnet_install_line() {
  local ID='' VERSION_ID=''
  # shellcheck disable=SC1091
  [ ! -r /etc/os-release ] || . /etc/os-release
  case $ID in
    ubuntu) echo "$(as_root)apt-get update && $(as_root)apt-get install -y dotnet-sdk-10.0" ;;
    debian) echo "curl -fsSLo /tmp/feed.deb https://packages.microsoft.com/config/debian/$VERSION_ID/packages-microsoft-prod.deb && $(as_root)dpkg -i /tmp/feed.deb && $(as_root)apt-get update && $(as_root)apt-get install -y dotnet-sdk-10.0" ;;
    # shellcheck disable=SC2016
    *) echo 'curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 && export PATH="$HOME/.dotnet:$PATH" DOTNET_ROOT="$HOME/.dotnet"' ;;
  esac
}
