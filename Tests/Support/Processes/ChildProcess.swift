import Foundation
import Glibc

/// A program that a test has started.
///
/// What it writes is read all the time, so that it never blocks. It is killed when nobody holds
/// this object any longer, and when the test process dies.
package final class ChildProcess: Sendable {
    /// How a process ended.
    package enum Exit: Hashable, Sendable {
        case code(Int32)
        case signal(Int32)
    }
    package enum Stream: Int, Sendable { case output = 1, errors = 2 }

    struct State: Sendable {
        var exit: Exit?
        var hasLeftCore = false
        var text: [Stream: [UInt8]] = [.output: [], .errors: []]
        var open: Set<Stream> = [.output, .errors]

        var isOver: Bool { exit != nil && open.isEmpty }
    }

    package let processID: Int32
    let state = Monitor(State())

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: its path.
    ///   - arguments: those after the name.
    ///   - environment: all of it, nothing is inherited; see ``inheritedEnvironment``.
    ///   - directory: where it starts; by default where the tests run.
    ///   - input: what it reads from its standard input.
    package init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
        directory: String? = nil, input: String = ""
    ) throws {
        let output = try DescriptorLock.makePipe()
        let errors = try DescriptorLock.makePipe()
        let source = try Self.file(holding: input)
        defer { for end in [output.writing, errors.writing, source] { _ = end.map { close($0) } } }
        do {
            processID = try SpawnedProcess.start(
                SpawnedProcess.Request(
                    executable: executable, arguments: arguments, environment: environment,
                    directory: directory, input: source, output: output.writing,
                    errors: errors.writing))
        } catch {
            close(output.reading)
            close(errors.reading)
            throw error
        }
        let (process, state) = (processID, state)
        let key = try DeathWatch.run(ifWeDie: "kill -KILL \(process)")
        try startThread { Self.read(output.reading, .output, into: state) }
        try startThread { Self.read(errors.reading, .errors, into: state) }
        try startThread { Self.reap(process, watch: key, into: state) }
    }

    deinit { kill() }

    /// This process's own environment.
    package static var inheritedEnvironment: [String: String] {
        ProcessInfo.processInfo.environment
    }

    /// Nil while it runs.
    package var exit: Exit? { state.read { $0.exit } }

    /// It was ended by a signal, and the kernel kept its memory: core(5).
    package var hasLeftCore: Bool { state.read { $0.hasLeftCore } }

    /// Sends a signal; nothing happens where it has ended.
    package func send(_ signal: Int32) {
        // Under the lock: the id is not given to another process before `exit` is set.
        state.read { state in
            if state.exit == nil { _ = Glibc.kill(processID, signal) }
        }
    }

    /// Sends SIGTERM, or another signal.
    package func terminate(_ signal: Int32 = SIGTERM) { send(signal) }

    /// Sends SIGKILL.
    package func kill() { send(SIGKILL) }

    /// A descriptor to read that text from; nil if there is none.
    private static func file(holding text: String) throws -> Int32? {
        if text.isEmpty { return nil }
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = try directory.write(text, to: "input")
        return try DescriptorLock.withLock {
            try check(open(path, O_RDONLY | O_CLOEXEC), "open \(path)")
        }
    }

    private static func read(_ descriptor: Int32, _ stream: Stream, into state: Monitor<State>) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            state.update { $0.text[stream, default: []] += chunk[..<count] }
        }
        close(descriptor)
        state.update { _ = $0.open.remove(stream) }
    }

    private static func reap(_ process: pid_t, watch key: Int, into state: Monitor<State>) {
        var info = siginfo_t()
        while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        // It is dead and its id still taken: nobody kills another by mistake.
        DeathWatch.cancel(key)
        state.update { state in
            var status: Int32 = 0
            waitpid(process, &status, 0)
            let signal = status & 0x7f
            state.hasLeftCore = signal != 0 && status & 0x80 != 0
            state.exit = signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
        }
    }
}
