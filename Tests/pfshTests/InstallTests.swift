// The installed shell: what stands where, that it runs without a toolchain, and that it goes again
// without a trace. Builds a release shell of its own, so it is one of the slow tests.

import Glibc
import Testing

@testable import pfsh

@Suite("Installing") struct InstallTests {
    private static let install = "'\(Repository.root)/scripts/install'"

    /// What stands below the prefix after installing, without the examples.
    private static let files = [
        "bin/pfsh", "share/bash-completion/completions/pfsh",
        "share/fish/vendor_completions.d/pfsh.fish", "share/man/man1/pfsh.1", "share/pfsh/LICENSE",
        "share/zsh/site-functions/_pfsh",
    ]

    @Test("installing puts all in place, and removing takes all of it and nothing else")
    func installAndRemove() {
        let result = Calls.run(
            """
            mkdir -p to/share/man/man1; touch to/share/man/man1/other.1
            PFSH_BINARY=\(Calls.shell) \(Self.install) to 2>/dev/null
            (cd to; find . -type f ! -path '*/examples/*' ! -name other.1 | sort | cut -c3-)
            find to/share/pfsh/examples -name '*.pfsh' | wc -l
            to/bin/pfsh to/share/pfsh/examples/lone-root.pfsh | head -1
            \(Self.install) --remove to 2>/dev/null
            find to
            """
        )
        let examples = ["\(ExampleTests.names.count)"]
        let expected =
            Self.files + examples + [
                String(Repository.text("examples/lone-root.out").split(separator: "\n")[0]),
                "to", "to/share", "to/share/man", "to/share/man/man1", "to/share/man/man1/other.1",
            ]
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(lines.sorted() == expected.sorted(), "\(result.text)")
    }

    @Test("a wrong option is refused, and a prefix that cannot be written is said")
    func refused() {
        #expect(Calls.run("\(Self.install) --nonsense").status == 2)
        let result = Calls.run("PFSH_BINARY=\(Calls.shell) \(Self.install) /proc/nowhere")
        #expect(result.status == 3)
        #expect(result.text.contains("pfsh: cannot write /proc/nowhere/bin/pfsh"))
    }

    @Test(
        "the installed shell runs with the toolchain out of reach",
        .enabled(if: getenv("PFSH_TEST_ALL") != nil)
    )
    func withoutToolchain() {
        let result = Calls.run(
            """
            \(Self.install) to 2>/dev/null || exit 1
            ldd to/bin/pfsh | grep -E 'swift|Foundation' && exit 1
            ldd to/bin/pfsh | awk '/=> \\// {print $3}' | grep -vE '^(/usr)?/lib' && exit 1
            toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
            # Behind an empty folder in the toolchain's place, where this system lets a test do so.
            away=
            for flag in -m -rm; do
                unshare $flag true 2>/dev/null && { away="unshare $flag"; break; }
            done
            hidden() {
                [ -z "$away" ] && { "$@"; return; }
                $away sh -c 'mount -t tmpfs none "$1" && shift && exec "$@"' sh "$toolchain" "$@"
            }
            if [ -n "$away" ]; then
                hidden \(Calls.shell) -c clock 2>/dev/null && { echo not hidden; exit 1; }
            fi
            cd to
            hidden env -i PATH=/usr/bin:/bin HOME=/nowhere \
                bin/pfsh share/pfsh/examples/lone-root.pfsh
            """
        )
        #expect(result.status == 0)
        #expect(result.text == Repository.text("examples/lone-root.out"), "\(result.text)")
    }
}
