import Delivery
import Testing

/// The table of ``KeptEpoch``, over everything that it depends on.
struct KeptEpochTests {
    private static let numbers: [Int64] = [0, 1, 7, Epoch.greatest]
    private static let flags = [false, true]

    private static func kept(_ number: Int64, isNoted: Bool, hasSent: Bool) -> KeptEpoch {
        KeptEpoch(
            epoch: Epoch(lineage: -5, number: number), isNoted: isNoted, hasSent: hasSent)
    }

    @Test(arguments: numbers, numbers)
    func `its own file counts by its number alone`(_ number: Int64, _ other: Int64) {
        for isNoted in Self.flags {
            for hasSent in Self.flags {
                for isRunning in Self.flags {
                    let sign = Self.kept(number, isNoted: isNoted, hasSent: hasSent)
                        .sign(
                            in: .epoch(Epoch(lineage: -5, number: other)), isRunning: isRunning)
                    #expect(sign == (other > number ? .newer : nil))
                }
            }
        }
    }

    @Test(arguments: numbers, numbers)
    func `another database's file holds one from which mail may have been sent`(
        _ number: Int64, _ other: Int64
    ) {
        for isNoted in Self.flags {
            for hasSent in Self.flags {
                for isRunning in Self.flags {
                    let sign = Self.kept(number, isNoted: isNoted, hasSent: hasSent)
                        .sign(in: .epoch(Epoch(lineage: 5, number: other)), isRunning: isRunning)
                    #expect(sign == (number > 0 || hasSent ? .foreign : nil))
                }
            }
        }
    }

    @Test(arguments: [(NotedEpoch.absent, RestoreSign.missing), (.damaged, .damaged)], numbers)
    func `a missing or damaged file holds one that had a file and may have sent since`(
        _ noted: (NotedEpoch, RestoreSign), _ number: Int64
    ) {
        for isNoted in Self.flags {
            for hasSent in Self.flags {
                let kept = Self.kept(number, isNoted: isNoted, hasSent: hasSent)
                #expect(kept.sign(in: noted.0) == (isNoted && number > 0 ? noted.1 : nil))
                // Whoever had the file makes it anew.
                #expect(kept.sign(in: noted.0, isRunning: true) == nil)
            }
        }
    }

    @Test(arguments: numbers)
    func `one out of reach holds nothing`(_ number: Int64) {
        for isNoted in Self.flags {
            for hasSent in Self.flags {
                for isRunning in Self.flags {
                    #expect(
                        Self.kept(number, isNoted: isNoted, hasSent: hasSent)
                            .sign(in: .outOfReach("no"), isRunning: isRunning) == nil)
                }
            }
        }
    }
}
