/// The CPU's instructions for a mail, by thread.
struct Instructions: Codable {
    var storing: Int
    var sending: Int

    /// Of each thread the lowest: the run whose transactions held the most mails.
    static func lowest(of runs: [Instructions]) -> Instructions {
        Instructions(
            storing: runs.map(\.storing).min() ?? 0, sending: runs.map(\.sending).min() ?? 0)
    }

    static func - (all: Instructions, some: Instructions) -> Instructions {
        Instructions(storing: all.storing - some.storing, sending: all.sending - some.sending)
    }

    static func / (all: Instructions, mails: Int) -> Instructions {
        Instructions(storing: all.storing / mails, sending: all.sending / mails)
    }
}
