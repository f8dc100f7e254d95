-- DropIndex
DROP INDEX "things_4_ownerId_b_idx";
