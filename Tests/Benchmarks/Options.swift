/// The command line.
struct Options {
    enum Benchmark: String, CaseIterable {
        case backlog, latency, idle
    }

    var benchmarks = Benchmark.allCases
    var rows = 20_000
    var connections = 4
    var rounds = 5
    var samples = 300
    var seconds = 20
    /// Rows that stand in the table beforehand.
    var finished = 0
    var waiting = 0
    var isJSON = false
    var isQuiet = false
    var wantsHelp = false

    static let help = """
        usage: swift build -c release && swift run -c release outboxd-bench [backlog|latency|idle|all]

          --rows N         mails of a backlog (20000)
          --connections C  connections to the relay (4)
          --rounds R       rounds of the backlog, each beside one of smtp-source (5)
          --samples S      mails whose delay is measured, of each kind (300)
          --seconds T      how long the idle daemon is watched (20)
          --finished N     the same beside N rows that have ended long ago (0)
          --waiting N      and beside N that wait, paused, deferred or on hold (0)
          --quiet          outboxd logs no line for each mail
          --json           the result as JSON
        """

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "all": benchmarks = Benchmark.allCases
            case "--rows": rows = try Self.number(word, &rest)
            case "--connections": connections = try Self.number(word, &rest)
            case "--rounds": rounds = try Self.number(word, &rest)
            case "--samples": samples = try Self.number(word, &rest)
            case "--seconds": seconds = try Self.number(word, &rest)
            case "--finished": finished = try Self.number(word, &rest)
            case "--waiting": waiting = try Self.number(word, &rest)
            case "--json": isJSON = true
            case "--quiet": isQuiet = true
            case "--help", "-h": wantsHelp = true
            default:
                guard let one = Benchmark(rawValue: word) else {
                    throw Problem("\(word) is unknown\n\(Self.help)")
                }
                benchmarks = [one]
            }
        }
    }

    private static func number(_ option: String, _ rest: inout ArraySlice<String>) throws -> Int {
        guard let word = rest.popFirst(), let number = Int(word), (1...10_000_000).contains(number)
        else { throw Problem("\(option) takes a number from 1 on") }
        return number
    }
}
