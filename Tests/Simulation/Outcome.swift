import Delivery

/// What a simulated world came to.
struct Outcome {
    var violation: Violation?
    var events = 0
    var turns = 0
    var mails = 0
    /// Mails that were accepted once more, and marked uncertain before.
    var copies = 0
    /// Of everything that happened, in order.
    var hash: UInt64 = 0
    var simulated: Duration = .zero
    /// How often the machine was started.
    var boots = 1
    /// Of the disk: writes, syncs and truncations, and reads.
    var changes = 0
    var reads = 0
    var encounters = Encounters()
    var lines: [String] = []

    init(
        _ plan: Plan, power: PowerFailure? = nil, breakage: DiskBreakage? = nil,
        keepsLines: Bool = false
    ) {
        do {
            let world = try World(
                plan, power: power, breakage: breakage, keepsLines: keepsLines)
            let disk = MemoryDisk.shared
            (changes, reads) = (-disk.changes, -disk.reads)
            defer { world.end() }
            violation = Self.run(world)
            (changes, reads) = (changes + disk.changes, reads + disk.reads)
            events = world.log.count
            turns = world.turns
            mails = world.ledger.mails
            copies = world.ledger.copies
            hash = world.log.hash
            simulated = world.clock.steadyNow() - VirtualClock.start
            boots = world.boots
            encounters = world.encounters
            encounters.add(world.mood.faults)
            lines = world.log.lines
        } catch {
            violation = Violation(.broken, "no world: \(error)")
        }
    }

    private static func run(_ world: World) -> Violation? {
        do {
            try world.run()
            return nil
        } catch let violation as Violation {
            return violation
        } catch {
            return Violation(.broken, "\(error)")
        }
    }
}
