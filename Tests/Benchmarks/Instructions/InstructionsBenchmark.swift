/// How much the CPU does for a mail, and whether that has grown by more than 5 %.
///
/// What is done once for each run falls out: it is counted over many mails and over few, each
/// several times.
struct InstructionsBenchmark {
    private let options: Options
    private static let few = 2_000
    private static let many = 6_000
    private static let runs = 3
    private static let tolerance = 1.05

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> [Figure] {
        let few = try lowest(over: Self.few)
        let many = try lowest(over: Self.many)
        let counted = (many - few) / (Self.many - Self.few)
        let kept = try KeptInstructions.read()
        if options.isUpdate { try KeptInstructions.write(counted) }
        let figures = [
            figure("storing thread", counted.storing, kept?.storing),
            figure("sending thread", counted.sending, kept?.sending),
        ]
        if figures.contains(where: { $0.verdict == .missed }) {
            Bench.say(
                "Where that is meant: outboxd-bench instructions --update, and commit the file.")
        }
        return figures
    }

    private func lowest(over mails: Int) throws -> Instructions {
        Bench.say("instructions, counted over \(mails) mails, \(Self.runs) times")
        return .lowest(of: try (1...Self.runs).map { _ in try Callgrind.countDrain(of: mails) })
    }

    private func figure(_ thread: String, _ counted: Int, _ kept: Int?) -> Figure {
        Figure(
            "instructions a mail, \(thread)", "", Double(counted),
            kept.map { .atMost((Double($0) * Self.tolerance).rounded()) })
    }
}
