//! Links the binary of a function on AWS Lambda as a non-position-independent executable: it contains the time zone
//! tables with 45,000 pointers; relocating them at each start would touch 2 MiB of memory, and the relocation table
//! would add 1 MiB to the file. The cost: the address of the code is not randomized (ASLR); those of the stack, the
//! heap and the shared libraries still are.

fn main() {
    println!("cargo::rerun-if-changed=../build.rs");
    println!("cargo::rustc-link-arg-bins=-no-pie");
}
