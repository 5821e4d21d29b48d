import Delivery
import Glibc
import TestSupport

/// Runs worlds, one for each seed, until one breaks a promise or the time is over.
@main
enum Simulate {
    private static let usage = """
        usage: outboxd-simulate [--seed N] [--count N | --seconds N] [--twice] [--whole] [--go-on] [--table] [--verbose]

          --power      the power fails at every write, sync and store to a journal of a small run, one after
                       the other
          --disk       calls of the disk fail at every write, sync and read of a small run, one after the other
          --model N    every history of two processes and N mails, with so many faults as --faults says
          --faults N   kills, standstills and lost replies in a history of the model (1)
          --seed N     the first seed (1)
          --count N    so many seeds (1)
          --seconds N  as many as there is time for
          --twice      each seed twice: the same must happen
          --whole      looks for no shorter history of a broken promise
          --go-on      names each seed that breaks a promise, and goes on
          --table      tells how often a row in each state met each event, and how many faults of each kind there were
          --verbose    tells everything that happens, and of the model each state
        """

    private struct Options {
        var seed: UInt64 = 1
        var count: UInt64 = 1
        var seconds: Int?
        var runsTwice = false
        var isVerbose = false
        var shrinks = true
        var goesOn = false
        var showsTable = false
        var isAboutPower = false
        var isAboutDisk = false
        /// Mails of the model; nil: no model.
        var model: Int?
        var faults = 1

        init?(_ arguments: [String]) {
            var rest = arguments[...]
            while let word = rest.popFirst() {
                switch word {
                case "--power": isAboutPower = true
                case "--disk": isAboutDisk = true
                case "--twice": runsTwice = true
                case "--verbose": isVerbose = true
                case "--whole": shrinks = false
                case "--go-on": goesOn = true
                case "--table": showsTable = true
                case "--model", "--faults":
                    guard let number = rest.popFirst().flatMap(Int.init), number > 0 else {
                        return nil
                    }
                    if word == "--model" { model = number }
                    if word == "--faults" { faults = number }
                case "--seed", "--count", "--seconds":
                    guard let number = rest.popFirst().flatMap(UInt64.init) else { return nil }
                    if word == "--seed" { seed = number }
                    if word == "--count" { count = number }
                    if word == "--seconds" { (seconds, count) = (Int(number), .max - seed) }
                default: return nil
                }
            }
        }
    }

    /// Read at once, also through a pipe.
    static func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    static func main() {
        MemoryVFS.install()
        guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
            say(usage)
            exit(64)
        }
        exit(isKept(options) ? 0 : 1)
    }

    /// - Returns: false if a promise was broken.
    private static func isKept(_ options: Options) -> Bool {
        if let mails = options.model {
            return explore(
                ModelSize(mails: mails, faults: options.faults), isVerbose: options.isVerbose)
        }
        let plan = PlanGenerator.small
        if options.isAboutPower {
            return sweep("power", Outcome.powerFailures) {
                Outcome(plan, power: $0, keepsLines: true)
            }
        }
        if options.isAboutDisk {
            return sweep("disk", Outcome.diskFailures) {
                Outcome(plan, breakage: $0, keepsLines: true)
            }
        }
        return run(options)
    }

    /// - Parameter again: The run of a failure once more, with all that happens in it.
    /// - Returns: false if a promise was broken.
    private static func sweep<Failure>(
        _ what: String, _ failures: () -> Sweep<Failure>, again: (Failure) -> Outcome
    ) -> Bool {
        let began = TestClock.steady
        let sweep = failures()
        if let (failure, violation) = sweep.broken {
            say(again(failure).lines.joined(separator: "\n"))
            say("\(failure): \(violation)")
            return false
        }
        let time = Int((TestClock.steady - began).inSeconds)
        say("\(sweep.count) failures of the \(what) in \(time) s, and nothing lost")
        return true
    }

    /// - Returns: false if a promise was broken.
    private static func run(_ options: Options) -> Bool {
        let began = TestClock.steady
        var all = Tally()
        for seed in options.seed..<options.seed + options.count {
            if let seconds = options.seconds, TestClock.steady - began >= .seconds(seconds) {
                break
            }
            var generator = PlanGenerator(seed: seed)
            let plan = generator.plan()
            let outcome = Outcome(plan, keepsLines: options.isVerbose)
            for line in outcome.lines { say(line) }
            all.add(outcome, plan)
            if let violation = outcome.violation {
                if options.goesOn {
                    say("seed \(seed): \(violation)")
                    continue
                }
                report(plan, violation, shrinks: options.shrinks)
                return false
            }
            if outcome.events < fewestEvents || !plan.hasBurst {
                say("seed \(seed): too little happens: \(outcome.events) events")
                return false
            }
            if options.runsTwice, Outcome(plan).hash != outcome.hash {
                say("seed \(seed): another run of it went otherwise")
                return false
            }
        }
        say(all.text(in: TestClock.steady - began))
        if options.showsTable { say("\(all.encounters.table)\n\n\(all.faultTable)") }
        return true
    }

    /// A world with fewer shows nothing.
    private static let fewestEvents = 200

    /// A seed makes the same history only with the generator of its day.
    private static var commit: String {
        let git = try? ChildProcess.run("/usr/bin/git", ["describe", "--always", "--dirty"])
        let name = git?.output.split(separator: "\n").first
        return name.map { "commit \($0)" } ?? "an unknown commit"
    }

    private static func report(_ plan: Plan, _ violation: Violation, shrinks: Bool) {
        say("seed \(plan.seed), \(commit): \(violation)")
        guard shrinks else { return }
        var shrinker = Shrinker(plan, violation)
        shrinker.shrink()
        let shortest = Outcome(shrinker.plan, keepsLines: true)
        say("the shortest history found, of \(plan.steps.count) steps:\n\(shrinker.plan.history)")
        say("what happened:\n\(shortest.lines.joined(separator: "\n"))")
        say("seed \(plan.seed): \(shortest.violation ?? violation)")
    }

    /// Of all seeds.
    private struct Tally {
        private var seeds = 0
        private var events = 0
        private var fewestEvents = Int.max
        private var mails = 0
        private var copies = 0
        private var simulated: Duration = .zero
        private(set) var encounters = Encounters()
        private var faults: [String: Int] = [:]
        /// Of the hashes, in order.
        private var hash = FNV1a64()

        /// As Markdown.
        var faultTable: String {
            let lines = faults.sorted { $0.key < $1.key }.map { "| \($0.key) | \($0.value) |" }
            return (["| fault | times |", "|---|---|"] + lines).joined(separator: "\n")
        }

        mutating func add(_ outcome: Outcome, _ plan: Plan) {
            faults.merge(plan.faults, uniquingKeysWith: +)
            seeds += 1
            events += outcome.events
            fewestEvents = min(fewestEvents, outcome.events)
            mails += outcome.mails
            copies += outcome.copies
            simulated += outcome.simulated
            encounters.add(outcome.encounters)
            hash.combine(String(outcome.hash, radix: 16))
        }

        func text(in time: Duration) -> String {
            let hours = simulated.inSeconds / 3_600
            return """
                \(seeds) seeds, \(events) events (\(fewestEvents) or more each), \(mails) mails, \(copies) of them copies that were marked \
                uncertain, \(Int(hours)) simulated hours in \(Int(time.inSeconds)) s; \
                hash \(String(hash.value, radix: 16))
                """
        }
    }
}
