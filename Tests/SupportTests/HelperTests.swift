import Foundation
import Testing
import TestSupport

/// The small parts.
@Suite struct HelperTests {
    /// The reference implementation's first values for the seed 1234567.
    @Test func `SplitMix64 is SplitMix64`() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test func `a temporary directory is there and then gone`() throws {
        var directory: TemporaryDirectory? = try TemporaryDirectory(mode: 0o755)
        let path = try #require(directory?.path)
        try directory?.makeDirectory("a/b")
        try directory?.write("x", to: "a/b/c", mode: 0o600)
        #expect(try String(contentsOfFile: "\(path)/a/b/c", encoding: .utf8) == "x")
        #expect(access(path, F_OK) == 0)
        directory = nil
        #expect(access(path, F_OK) != 0)
        let other = try TemporaryDirectory()
        other.remove()
        #expect(access(other.path, F_OK) != 0)
    }

    @Test func `eventually gives up at its deadline`() {
        var asked = 0
        #expect(
            !eventually(timeout: .milliseconds(30)) {
                asked += 1; return false
            })
        #expect(asked > 1)
        #expect(
            eventually {
                asked += 1; return asked > 4
            })
    }

    @Test func `a monitor wakes whoever waits for what it has become`() async throws {
        let monitor = Monitor(0)
        async let three = blocking { monitor.wait(timeout: .seconds(10)) { $0 == 3 } }
        async let never = blocking { monitor.wait(timeout: .milliseconds(50)) { $0 == -1 } }
        for _ in 0..<3 { monitor.update { $0 += 1 } }
        #expect(try await three)
        #expect(try await !never)
        #expect(monitor.read { $0 } == 3)
    }

    @Test func `a reserved port refuses until somebody listens`() throws {
        let port = try ReservedPort()
        #expect(!port.acceptsConnections)
        #expect(try ReservedPort().number != port.number)
    }

    @Test func `the built daemon is found`() throws {
        let binary = try BuiltProducts.url("outboxd")
        #expect(binary.lastPathComponent == "outboxd")
        #expect(access(binary.path, X_OK) == 0)
        #expect(throws: BuiltProducts.Missing.self) { try BuiltProducts.url("no-such-product") }
    }

    @Test func `python answers`() throws {
        let script = "import sys; print(sys.stdin.read().upper() + sys.argv[1], end='')"
        #expect(try Python.run(script, ["!"], input: "äb") == "ÄB!")
        #expect(throws: ChildProcess.Failure.self) { try Python.run("raise SystemExit(1)") }
    }
}
