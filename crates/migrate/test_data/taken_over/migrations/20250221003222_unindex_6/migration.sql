-- DropIndex
DROP INDEX "things_0_ownerId_b_idx";
