-- DropIndex
DROP INDEX "things_3_ownerId_b_idx";
