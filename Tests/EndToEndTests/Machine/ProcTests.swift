import TestSupport
import Testing

/// A container or a chroot without `/proc`.
@Suite(.enabled(if: MountNamespace.isPossible, "only root can take /proc away"))
struct ProcTests {
    @Test(arguments: ["status", "--version", "run"])
    func `without /proc it says that it lacks that`(_ command: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let result = try ChildProcess.run(
            try Executable.find("unshare", package: "util-linux"),
            [
                "-m", "/bin/sh", "-c", "umount -l /proc && exec \"$0\" \"$1\"", outboxd.binary,
                command,
            ], environment: outboxd.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 })
        #expect(result.exit == .code(74))
        #expect(result.errors == "outboxd: /proc is not mounted, and outboxd can't do without it\n")
        #expect(result.output.isEmpty)
    }
}
