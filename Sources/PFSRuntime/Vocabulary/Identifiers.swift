// Small numbers that stand for things of one world. They index tables of the simulation, mean
// nothing outside it and are never shown: what a user sees are names and addresses.

/// The number of a phone in its world, counted from 0 in the order of creation.
public struct PhoneNumber: BitwiseCopyable, Comparable, Hashable, Sendable {
    /// The index into the world's tables of phones.
    public var index: UInt32

    /// Makes the number of the phone at `index`.
    public init(_ index: Int) { self.index = UInt32(index) }

    /// Stands for the world itself, where something happened to no phone.
    public static let world = PhoneNumber(Int(UInt32.max))

    /// The older phone comes first.
    public static func < (left: PhoneNumber, right: PhoneNumber) -> Bool {
        left.index < right.index
    }
}

/// The number of a firmware file in its world: the same file in two loads has one number.
public struct FileNumber: BitwiseCopyable, Hashable, Sendable {
    /// The index into the world's table of files.
    public var index: UInt16

    /// Makes the number of the file at `index`.
    public init(_ index: Int) { self.index = UInt16(index) }

    /// The bit that stands for the file among sixteen.
    var interestBit: UInt16 { 1 &<< (index & 15) }

    /// Stands for no file.
    public static let none = FileNumber(Int(UInt16.max))
}
