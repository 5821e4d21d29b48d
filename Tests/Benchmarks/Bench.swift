import Foundation
import Glibc

/// Measures the built `outboxd` beside this program: how fast a backlog goes out, how late a mail
/// is, what it costs to wait.
@main
enum Bench {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            if options.wantsHelp { return print(Options.help) }
            let report = try run(options)
            print(options.isJSON ? try report.json() : report.table())
        } catch {
            FileHandle.standardError.write(Data("outboxd-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ options: Options) throws -> Report {
        var report = Report()
        for benchmark in options.benchmarks {
            switch benchmark {
            case .backlog: report.figures += try BacklogBenchmark(options).run()
            case .latency: report.figures += try LatencyBenchmark(options).run()
            case .idle: report.figures += try IdleBenchmark(options).run()
            }
        }
        return report
    }

    /// What goes on, on stderr: the result alone is on stdout.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

/// What went wrong, in one sentence.
struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
