import Glibc
import Synchronization

/// Cleans up after a test process that dies: a shell that reads from a pipe of ours, and when that
/// ends, however we ended, runs the commands that were left with it.
///
/// `PR_SET_PDEATHSIG` will not do: it goes by the thread that started the child, and threads of
/// Swift's pool come and go.
enum DeathWatch {
    private struct State {
        var pipe: Int32?
        var nextKey = 0
    }
    private static let state = Mutex(State())

    private static let shell = """
        trap '' HUP INT TERM
        declare -A last
        while IFS=' ' read -r sign key command; do
            if [ "$sign" = + ]; then last[$key]=$command; else unset "last[$key]"; fi
        done
        for command in "${last[@]}"; do eval "$command"; done
        """

    /// Leaves a command of one line, to be run by bash if this process dies before
    /// ``cancel(_:)``.
    static func run(ifWeDie command: String) throws -> Int {
        try state.withLock { state in
            if state.pipe == nil { state.pipe = try start() }
            state.nextKey += 1
            write("+ \(state.nextKey) \(command)\n", to: state.pipe)
            return state.nextKey
        }
    }

    static func cancel(_ key: Int) {
        state.withLock { write("- \(key)\n", to: $0.pipe) }
    }

    private static func start() throws -> Int32 {
        let (reading, writing) = try DescriptorLock.makePipe()
        defer { close(reading) }
        let bash = try Executable.find("bash", package: "bash")
        let spawn = SpawnedProcess.Request(
            executable: bash, arguments: ["-c", shell],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            input: reading)
        _ = try SpawnedProcess.start(spawn)
        return writing
    }

    /// The lines are shorter than `PIPE_BUF`, so that they go out whole.
    private static func write(_ line: String, to pipe: Int32?) {
        guard let pipe else { return }
        var line = line
        line.withUTF8 { _ = Glibc.write(pipe, $0.baseAddress, $0.count) }
    }
}
