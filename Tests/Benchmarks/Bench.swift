import Foundation
import Glibc

/// Measures the built `outboxd` beside this program: how fast a backlog goes out, how late a mail
/// is, what growth, memory and waiting cost.
@main
enum Bench {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            if options.wantsHelp { return print(Options.help) }
            let report = run(options)
            print(options.isJSON ? try report.json() : report.table())
            if !report.failures.isEmpty || options.isCheck && !report.missed.isEmpty { exit(1) }
        } catch {
            say("outboxd-bench: \(error)")
            exit(1)
        }
    }

    /// One that fails does not take the others' results with it.
    private static func run(_ options: Options) -> Report {
        var report = Report()
        for benchmark in options.benchmarks {
            do {
                report.figures += try figures(benchmark, options)
            } catch {
                say("\(benchmark.rawValue): \(error)")
                report.failures.append("\(benchmark.rawValue): \(error)")
            }
        }
        return report
    }

    private static func figures(
        _ benchmark: Options.Benchmark, _ options: Options
    ) throws -> [Figure] {
        switch benchmark {
        case .backlog: try BacklogBenchmark(options).run()
        case .latency: try LatencyBenchmark(options).run()
        case .growth: try GrowthBenchmark(options).run()
        case .memory: try MemoryBenchmark(options).run()
        case .idle: try IdleBenchmark(options).run()
        case .relay: try SlowRelayBenchmark().run()
        case .disk: try SlowDiskBenchmark(options).run()
        case .api: try APIServerBenchmark(options).run()
        case .instructions: try InstructionsBenchmark(options).run()
        }
    }

    /// What goes on, on stderr: the result alone is on stdout.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
