import Foundation
import Testing
import TestSupport

@Suite struct ChildProcessTests {
    private let shell = "/bin/sh"

    @Test(arguments: [
        ("exit 0", ChildProcess.Exit.code(0)),
        ("exit 75", .code(75)),
        ("kill -TERM $$", .signal(SIGTERM)),
        ("kill -KILL $$", .signal(SIGKILL)),
    ])
    func `tells how it ended`(script: String, exit: ChildProcess.Exit) throws {
        let child = try ChildProcess(shell, ["-c", script])
        #expect(child.waitForExit() == exit)
        #expect(child.exit == exit)
    }

    @Test func `reads both streams, however much there is`() throws {
        // A pipe holds 64 KiB.
        let script = "head -c 1000000 /dev/zero >&2; head -c 2000000 /dev/zero; printf end"
        let child = try ChildProcess(shell, ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
        #expect(child.waitForExit() == .code(0))
        #expect(child.octets(.errors).count == 1_000_000)
        #expect(child.octets(.output).count == 2_000_003)
        #expect(child.output.hasSuffix("end"))
    }

    @Test func `hands on arguments, input and the environment exactly as given`() throws {
        let words = ["a b", "", "ä\n'\"$HOME"]
        let child = try ChildProcess(
            shell, ["-c", "printf '%s|' \"$@\"; cat", "sh"] + words,
            environment: ["PATH": "/usr/bin:/bin"], input: "line\n")
        #expect(child.waitForExit() == .code(0))
        #expect(child.output == words.map { $0 + "|" }.joined() + "line\n")

        let result = try ChildProcess.run("/usr/bin/env", environment: ["A": "1", "B": "x=y"])
        // The last: this machine's settings are not theirs.
        #expect(
            result.output.split(separator: "\n").sorted()
                == ["A=1", "B=x=y", "TEST_OUTBOXD_STANDARD_FILE="])
    }

    @Test func `reads nothing where it gets no input`() throws {
        let result = try ChildProcess.run("/bin/cat")
        #expect(result.exit == .code(0))
        #expect(result.output == "")
    }

    @Test func `starts in the directory given`() throws {
        let directory = try TemporaryDirectory()
        let result = try ChildProcess.run("/bin/pwd", directory: directory.path)
        #expect(result.output == directory.path + "\n")
    }

    @Test func `inherits no descriptor of ours`() throws {
        let directory = try TemporaryDirectory()
        // Without O_CLOEXEC, as some libraries open theirs.
        let leak = open(try directory.write("", to: "leak"), O_RDONLY)
        defer { close(leak) }
        let result = try ChildProcess.run("/bin/ls", ["/proc/self/fd"])
        // The fourth is the directory that ls reads.
        #expect(result.output.split(separator: "\n").count == 4)
    }

    @Test func `waits no longer than it is told`() throws {
        let child = try ChildProcess("/bin/sleep", ["1000"])
        #expect(child.waitForExit(timeout: .milliseconds(50)) == nil)
        #expect(child.exit == nil)
        child.kill()
        #expect(child.waitForExit() == .signal(SIGKILL))
        child.terminate()
        #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess.run("/bin/sleep", ["1000"], timeout: .milliseconds(50))
        }
    }

    @Test func `sends signals`() throws {
        let script = "trap 'echo caught; exit 3' TERM; echo ready >&2; while :; do sleep 0.01; done"
        let child = try ChildProcess(
            shell, ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
        #expect(child.waitForOutput("ready"))
        child.terminate()
        #expect(child.waitForExit() == .code(3))
        #expect(child.output == "caught\n")
    }

    @Test func `waits for what is written`() throws {
        let script = "printf 'aab' >&2; read -r _ < \"$1\"; printf 'abc' >&2; exec sleep 1000"
        let directory = try TemporaryDirectory()
        let pipe = directory.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let child = try ChildProcess(
            shell, ["-c", script, "sh", pipe], environment: ["PATH": "/usr/bin:/bin"])
        #expect(child.waitForOutput("aab"))
        #expect(!child.waitForOutput("aabab", timeout: .milliseconds(20)))
        try "go\n".write(toFile: pipe, atomically: false, encoding: .utf8)
        #expect(child.waitForOutput("aababc"))
        #expect(!child.waitForOutput("aab", in: .output, timeout: .milliseconds(20)))
    }

    @Test func `a wait for output ends with the process`() throws {
        let child = try ChildProcess(shell, ["-c", "echo no >&2"])
        #expect(!child.waitForOutput("yes", timeout: .seconds(60)))
        #expect(child.waitForOutput("no"))
    }

    @Test func `what can't be started throws`() {
        #expect(throws: SystemCallError.self) { try ChildProcess("/nonexistent/program") }
        #expect(throws: Executable.Missing.self) {
            try ChildProcess.tool("no-such-program", [], package: "none")
        }
        #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess.tool("false", [], package: "coreutils")
        }
    }

    @Test func `a child that nobody holds is killed`() throws {
        var child: ChildProcess? = try ChildProcess("/bin/sleep", ["1000"])
        let process = try #require(child?.processID)
        child = nil
        #expect(eventually { kill(process, 0) != 0 })
    }

    @Test func `children die with the process that started them`() async throws {
        let result = await #expect(
            processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]
        ) {
            let child = try ChildProcess("/bin/sleep", ["1000"])
            print("child=\(child.processID);")
            fflush(nil)
            kill(getpid(), SIGKILL)
        }
        let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        let process = try #require(
            output.split(separator: "child=").last?.split(separator: ";").first)
        #expect(eventually { !Self.isAlive(String(process)) })
    }

    /// A dead process whose parent has not asked for its end is a zombie, state Z.
    private static func isAlive(_ process: String) -> Bool {
        let path = "/proc/\(process)/stat"
        guard let status = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }
}
