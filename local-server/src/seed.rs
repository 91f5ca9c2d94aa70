//! Seed.
/// x
pub async fn seed(
    _: &shared::config::DatabaseUrl,
    _: u64,
    _: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<()> {
    Ok(())
}
