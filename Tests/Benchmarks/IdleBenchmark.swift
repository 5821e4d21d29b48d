import Glibc

/// What daemons cost that have nothing to do, whatever they wait for; all of them side by side.
struct IdleBenchmark {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        Bench.say("five idle daemons: \(options.seconds) s")
        let daemons = try IdleState.allCases.map(IdleDaemon.init)
        // Until they have taken everything in, have written it down and know what they wait for.
        usleep(15_000_000)
        for daemon in daemons { try daemon.check() }
        let before = try daemons.map { try $0.usage() }
        usleep(useconds_t(options.seconds) * 1_000_000)
        let after = try daemons.map { try $0.usage() }
        for daemon in daemons { try daemon.check() }
        return daemons.indices.flatMap { figures(daemons[$0].state, before[$0], after[$0]) }
    }

    private func figures(
        _ state: IdleState, _ before: IdleDaemon.Usage, _ after: IdleDaemon.Usage
    ) -> [Figure] {
        let name = "idle, \(state.rawValue): "
        let seconds = Double(options.seconds)
        return [
            Figure(
                name + "CPU", "% of a core", (after.cpu - before.cpu) / seconds * 100, .below(0.1)),
            Figure(
                name + "wake-ups", "a second", Double(after.sleeps - before.sleeps) / seconds,
                .atMost(2)),
            Figure(
                name + "written to disk", "octets", Double(after.written - before.written),
                .atMost(0)),
        ]
    }
}
